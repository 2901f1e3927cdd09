"""The verbs: one stage a file, one public function each, from value to (value, findings)."""
