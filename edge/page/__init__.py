"""The page of the device: served to this machine's own browser, and to nothing else."""
