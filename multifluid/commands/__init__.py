"""One module for each command: add_arguments(parser), main(args) -> exit code or None."""
