"""The nouns: values that the stages hand on. Imports nothing from the rest of the package."""
