"""PyPI's yente-client against a server of Entente: BASE KEY KEY_WITHOUT_RIGHTS. Run by yente_client.rs."""

import sys

from yente_client import Client, Company, Person
from yente_client.exceptions import (
    APIError,
    AuthenticationError,
    BadRequestError,
    NotFoundError,
    ServerError,
)

base, key, without_rights = sys.argv[1:]


def refused(kind, words, ask):
    try:
        ask()
    except kind as error:
        assert words in error.detail, error.detail
        return error
    raise AssertionError(f"not refused: {words}")


with Client(api_key=key, base_url=base) as client:
    assert client.healthz().status == "ok"
    assert client.readyz().status == "ok"
    catalog = client.datasets()
    assert [one.name for one in catalog.datasets] == ["default", "graph", "own"], catalog
    assert catalog.datasets[0].children == ["graph", "own"] and all(one.load for one in catalog.datasets)
    assert (catalog.current, catalog.outdated, catalog.index_stale) == (["own"], ["graph"], True)
    algorithms = client.algorithms()
    assert algorithms.best == algorithms.algorithms[0].name and algorithms.algorithms[0].docs["features"]

    # A match in another script, with its reasons.
    person = Person(name=["Мухаммед Салех Пример"], birthDate=["1965-03-24"], nationality=["Yemen"])
    answer = client.match(person, datasets=["own"], algorithm="best", threshold=0.7, limit=3)
    assert answer.top.id == "own:1" and answer.top.match and answer.top.score > 0.9, answer
    assert answer.matches == [answer.top] and answer.top.target and answer.top.datasets == ["own"]
    assert answer.top.first_seen and answer.top.last_seen and answer.top.last_change
    assert answer.top.explanations["name"].query and answer.top.contributing_explanations
    assert answer.query["properties"]["nationality"] == ["ye"]
    assert (answer.total.value, answer.total.relation, answer.limit) == (1, "eq", 3)
    excluded = client.match(person, datasets=["own"], exclude_entities=["own:1"])
    assert excluded.results == [] and excluded.total.relation == "eq"

    # Over a list that clears nobody, no answer looks like a clearance.
    nobody = Company(name=["Nobody Anywhere"])
    for datasets in (None, ["graph"], ["own", "graph"]):
        answer = client.match(nobody, datasets=datasets)
        assert answer.results == [] and answer.total.relation == "gte", answer
    assert client.match(nobody, datasets=["own"]).total.relation == "eq"
    pairs = [(str(n), Company(name=["Desert Falcon Trading House"])) for n in range(20)]
    answers = dict(client.match_iter(pairs, topics=["sanction"], changed_since="2020-01-01"))
    assert len(answers) == 20 and all(one.top.id == "own:2" for one in answers.values())

    found = client.search("falcon", datasets=["default"], schema="Company", facets=["datasets", "schema"], sort=["caption:asc"])
    assert [one.id for one in found.results] == ["own:2", "NK-1"], found
    assert found.facets["datasets"].values[0].count == 1 and found.total.value == 2
    assert client.search("салех").results[0].id == "own:1"

    entity = client.fetch("NK-1")
    assert entity.properties["ownershipAsset"][0].properties["owner"][0].caption == "Olga Owner"
    assert client.fetch("NK-1", nested=False).properties["name"] == ["Falcon Holding"]
    assert client.fetch("own:1").caption == "Muhammad Saleh Example"
    # A list's own number leads on, by the redirection that clients follow.
    assert client.fetch("1").id == "own:1"
    assert list(client.adjacent("NK-1").adjacent) == ["ownershipAsset"]
    assert client.adjacent("NK-1", prop="ownershipAsset", limit=5).results[0].id == "own-1"

    refused(NotFoundError, "No such entity!", lambda: client.fetch("NK-404"))
    refused(NotFoundError, "No such dataset", lambda: client.match(person, datasets=["nothing"]))
    refused(NotFoundError, "/statements", lambda: client.statements(dataset="own"))
    refused(BadRequestError, "Unknown algorithm", lambda: client.match(person, algorithm="logic-v2"))
    refused(BadRequestError, "weights", lambda: client.match(person, weights={"name": 0.5}))
    error = refused(APIError, "query.limit: ", lambda: client.search("x", limit=9999))
    assert error.status_code == 422

strict = {"Prefer": "handling=strict"}
with Client(api_key=key, base_url=base, headers=strict) as client:
    refused(ServerError, "HELD: ", lambda: client.match(nobody))
    assert client.match(nobody, datasets=["own"]).results == []
for wrong in ("unknown", None):
    with Client(api_key=wrong, base_url=base) as client:
        assert client.healthz().status == "ok"
        refused(AuthenticationError, "key", client.datasets)
with Client(api_key=without_rights, base_url=base) as client:
    assert refused(AuthenticationError, "", client.datasets).status_code == 403
print("all of it works")
