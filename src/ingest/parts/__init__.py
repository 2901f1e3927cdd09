"""What leaves and stages share: small readings of one text each, for stages, evidence and rules; what several
formats write alike, for writers."""
