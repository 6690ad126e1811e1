"""From the raw records of one input partition to one small partial per closed minute."""
