"""The application: on top of everything, imported by nothing."""

import os

# One message is small: threads would only wait for each other. Numpy reads this once, when it is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
