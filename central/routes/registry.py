"""What a person may do now, asked by a kiosk before she fills in anything."""

from fastapi import APIRouter

from central import standing
from central.callers import CentreOf, DeviceOf
from kiosk.link.models.registry import RegistryAnswer, RegistryQuery

router = APIRouter(prefix="/api/v1/registry", tags=["registry"])


@router.post("/queries")
def query(asked: RegistryQuery, centre: CentreOf, caller: DeviceOf) -> RegistryAnswer:
    """Each service with its decision and all reasons; 403 where the identity is not sure enough. Nothing is kept."""
    with centre.store.write() as session:
        caller.remember(session)
        holds = centre.tree.of(session, caller.branch, centre.at().date())
    return standing.answer(centre, asked, caller.branch, holds.catalogue)
