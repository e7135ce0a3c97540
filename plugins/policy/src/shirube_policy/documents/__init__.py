"""What the policy makes of a dataset for people and registries: pages, letters, metadata, figures, files to fill in."""
