"""Writes the two small MaxMind files beside it: pip install mmdb_writer, then python make.py.

Invented places for a few networks, in the shape of GeoLite2-City and GeoLite2-ASN. Nothing in them
comes from MaxMind.
"""

from mmdb_writer import MMDBWriter
from netaddr import IPSet


def city(country, state, name, latitude, longitude):
    return {
        "country": {"iso_code": country},
        "subdivisions": [{"names": {"en": state}}],
        "city": {"names": {"en": name}},
        "location": {"latitude": latitude, "longitude": longitude},
    }


PLACES = {
    "8.8.8.0/24": (city("US", "California", "Mountain View", 37.386, -122.0838), "Example <Search> Inc"),
    "5.9.0.0/16": (city("DE", "Saxony", "Falkenstein", 50.4777, 12.3649), "Example Hosting"),
    "2a01:4f8::/32": (city("DE", "Saxony", "Falkenstein", 50.4777, 12.3649), "Example Hosting"),
    # A country alone, as the file has it for many networks.
    "196.25.0.0/16": ({"country": {"iso_code": "ZA"}, "location": {"latitude": -29.0, "longitude": 24.0}}, "Example Telecom"),
}

for file, kind, which in [("city.mmdb", "GeoLite2-City", 0), ("asn.mmdb", "GeoLite2-ASN", 1)]:
    writer = MMDBWriter(6, kind, languages=["en"], ipv4_compatible=True, description="Invented, for isobar's tests")
    for network, about in PLACES.items():
        value = about[which]
        if which:
            value = {"autonomous_system_number": 64500, "autonomous_system_organization": value}
        writer.insert_network(IPSet([network]), value)
    writer.to_db_file(file)
