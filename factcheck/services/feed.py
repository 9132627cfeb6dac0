"""The feed's epoch: which history of the data the cursors belong to."""

import secrets

from django.db import connection

from factcheck.queries.feed_sql import FINGERPRINT


def start_epoch(*, anew: bool = False) -> str:
    """Give this database an epoch of its own and return it; cursors of other epochs are refused from then on.

    An epoch begins with a fingerprint of the database, so a dump loaded elsewhere or a server that was taken back
    to an earlier moment needs a new one and gets it by itself. Files copied back under the same server cannot be told:
    `anew` starts a new epoch for that.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO feed_epoch ("only", epoch) VALUES (true, {FINGERPRINT} || %s)
                ON CONFLICT ("only") DO UPDATE SET epoch = excluded.epoch
                WHERE %s OR left(feed_epoch.epoch, 8) <> left(excluded.epoch, 8)""",
            [secrets.token_hex(4), anew],
        )
        cursor.execute("SELECT epoch FROM feed_epoch")
        epoch: str = cursor.fetchone()[0]
    return epoch
