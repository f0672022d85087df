"""The calls of hexstrike-ai's MCP client, written again: tools_client.py URL ACCOUNT.

It asks /health twice and then posts four texts, with the headers that requests sends and no key.
"""

import sys

import requests

server, account = sys.argv[1:]
session = requests.Session()

health = session.get(f"{server}/health", timeout=5)
health.raise_for_status()
first = health.json()
assert "error" not in first and first["status"] == "healthy" and first["version"], first
second = session.get(f"{server}/health", timeout=300).json()
assert second["status"] == "healthy"
missing = [tool for tool, there in second.get("tools_status", {}).items() if not there]
assert second["all_essential_tools_available"] and not missing, second
for key in ["message", "total_tools_available", "total_tools_count", "category_stats", "cache_stats", "telemetry", "uptime"]:
    assert key in second, key


def analysis(action="collect", account="", config="config.json", additional_args=""):
    data = {"action": action, "account": account, "config": config, "additional_args": additional_args}
    try:
        response = session.post(f"{server}/api/tools/cloudmapper", json=data, timeout=300)
        response.raise_for_status()
        return response.json()
    except requests.exceptions.RequestException as error:
        return {"error": f"Request failed: {error}", "success": False}


FIELDS = {
    "stdout", "stderr", "return_code", "success", "timed_out", "partial_results", "execution_time", "timestamp", "command",
}

for action, more in [("stats", ""), ("find_admins", "--json"), ("public", ""), ("prepare", "--no-internal-edges"), ("audit", "--json")]:
    result = analysis(action, account, additional_args=more)
    assert set(result) == FIELDS, result
    assert result["success"] is True and result["return_code"] == 0 and result["stdout"], (action, result)
    assert result["timed_out"] is False and result["partial_results"] is False
    assert isinstance(result["execution_time"], float) and result["timestamp"].endswith("Z")
    assert result["command"].startswith(f"cloudmapper {action} "), result["command"]

one, other = analysis("stats", account), analysis("stats", account)
assert one["stdout"] == other["stdout"] and one["timestamp"] != other["timestamp"], "answered from a cache"

web = analysis("webserver")
assert web["success"] and server in web["stdout"], web
none = analysis("stats")
assert none["success"] is False and "400 Client Error" in none["error"], none
print("ok")
