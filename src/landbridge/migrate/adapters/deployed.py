"""What every migration asks of the stacks its platform is made of."""

from abc import ABC, abstractmethod
from collections.abc import Callable

from landbridge.aws.clients import Clients
from landbridge.deploy.deployer import Deployer
from landbridge.deploy.lock import DeployLock, lock_path
from landbridge.model.errors import Refused
from landbridge.model.region import Region


class Deployed(ABC):
    """A platform's stacks in every region, as a migration finds them."""

    clients: Clients
    clock: Callable[[], float]
    sleep: Callable[[float], None]

    @property
    @abstractmethod
    def deployer(self) -> Deployer:
        """Puts stacks where they belong."""

    def deploy_lock(self, owner: str) -> DeployLock:
        """What keeps two from deploying this platform at once."""
        path = lock_path(self.deployer.manifest.platform, self.deployer.platform.environment_suffix)
        return DeployLock(self.clients, self.deployer.journal, path, owner, self.clock, self.sleep)

    def told(self, stack: str, output: str, region: Region) -> str:
        """What a stack of the region tells; Refused while it does not."""
        outputs = self.deployer.outputs(self.deployer.stack(stack), region)
        if output not in outputs:
            raise Refused(region, f"finding the {output} of {stack}", "its stack is not deployed there, or has none")
        return outputs[output]
