"""Rules that only ``ingest validate`` runs: about the quality of a set, not about whether its records were
read right. A folder of their own, so that ``convert`` does not load them."""
