"""What reaches the devices: packs of rules and models, their differences, and who signs them."""
