"""The commands: one a file, found by looking into this folder. A file is named after its command, and has
``command``."""
