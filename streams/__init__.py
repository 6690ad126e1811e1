"""The log: the Faust app, intake, detection, the embedded broker and the command line."""
