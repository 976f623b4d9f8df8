"""Many keys of a bucket are looked at by few listings, and what is found is what each key's own listing says."""

from hypothesis import given
from hypothesis import strategies as st
from tests.unit.verify.buckets_world import FakeBucket, Stored

from landbridge.verify.objects.bucket import of_keys

NAMES = st.text("ab/\u00e9\U0001f600", min_size=1, max_size=4)


@given(st.dictionaries(NAMES, st.integers(1, 4)), st.sets(NAMES), st.integers(1, 7))
def test_what_is_found_is_what_each_keys_own_listing_says(held: dict[str, int], others: set[str], per_page: int) -> None:
    """Of keys that are there and of keys that are not, however many a page holds and however the keys are spelled."""
    bucket = FakeBucket({key: [Stored(f"v{n}", str(n)) for n in range(many)] for key, many in held.items()}, per_page=per_page)
    asked = {*list(held)[::2], *others}
    assert of_keys(bucket, asked) == {key: bucket.of(key) for key in asked}


def test_keys_that_lie_together_take_a_request_a_page() -> None:
    """And not one each."""
    bucket = FakeBucket({f"k{number:03}": [Stored("v", "b")] for number in range(100)}, per_page=50)
    of_keys(bucket, bucket.keys)
    assert bucket.pages <= 4
