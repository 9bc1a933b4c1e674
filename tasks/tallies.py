"""The counts of an hour in Redis, where the settings name one (models.limits): shared by all processes and hosts, and gone by themselves."""
import logging
from functools import partial

from models import limits

log = logging.getLogger(__name__)
PATIENCE = 1            # seconds in which Redis must answer


def configure(settings):
    """Say where the counts lie."""
    if not settings.redis_url:
        return limits.configure(None)
    from redis import Redis, RedisError
    client = Redis.from_url(settings.redis_url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)
    limits.configure(partial(_counted, client, RedisError))


def _counted(client, silence, what, who, hour):
    """The count of an hour, with one more; None when Redis does not answer, which is an error of the kind `silence`."""
    key = f"tongli:tally:{what}:{who}:{hour:%Y%m%d%H}"
    try:
        return client.pipeline().incr(key).expire(key, 2 * limits.HOUR).execute()[0]
    except silence as error:
        log.warning("counting in the database, Redis does not answer: %s", error)
        return None
