"""`python -m chorus` is the command `chorus`."""

import sys

from chorus.cli import main

if __name__ == "__main__":
    sys.exit(main())
