"""What a question consists of: small readings of one text each, that stages, evidence and rules
share."""
