"""What a Python that a device's test starts loads first: the hook of `tests/support/shut.py`."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

_spec = spec_from_file_location("_shut", Path(__file__).parents[1] / "shut.py")
assert _spec is not None
assert _spec.loader is not None
_shut = module_from_spec(_spec)
_spec.loader.exec_module(_shut)
_shut.install()
