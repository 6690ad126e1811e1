"""From the partials of all input partitions to the incidents of a product, minute by minute."""
