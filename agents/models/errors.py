"""What can be wrong with a model, by what the caller must do."""


class BadModel(ValueError):
    """Give another model file or card; the message says what is wrong with this one."""


class MissingFramework(ImportError):
    """Install a package; the message names it."""


class Unfaithful(ValueError):
    """Do not use the converted model: it does not answer as the original does."""
