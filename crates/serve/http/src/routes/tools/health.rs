//! `GET /health`, in the keys that hexstrike-ai's client reads. It needs no key and names no account.

use axum::Json;
use axum::extract::State as Extract;
use serde_json::{Value, json};

use crate::state::State;

/// What there is: one tool, and how its calls went. There is no cache, so it never hits.
pub(super) async fn health(Extract(state): Extract<State>) -> Json<Value> {
    let ready = state.app().ready().await.is_ok();
    let tally = state.inner.tools.tally();
    let rounded = |value: f64| (value * 1000.0).round() / 1000.0;
    let calls = tally.calls.max(1) as f64;
    let uptime = rounded(state.inner.started.elapsed().as_secs_f64());
    Json(json!({
        "status": if ready { "healthy" } else { "degraded" },
        "message": "isobar: CloudMapper's commands, without a shell",
        "version": env!("CARGO_PKG_VERSION"),
        "tools_status": {"cloudmapper": ready},
        "all_essential_tools_available": ready,
        "total_tools_available": usize::from(ready),
        "total_tools_count": 1,
        "category_stats": {"cloud": {"total": 1, "available": usize::from(ready)}},
        "cache_stats": {"size": 0, "max_size": 0, "hit_rate": "0.0%", "hits": 0, "misses": 0, "evictions": 0},
        "telemetry": {
            "uptime_seconds": uptime,
            "commands_executed": tally.calls,
            "success_rate": format!("{:.1}%", 100.0 * tally.successes as f64 / calls),
            "average_execution_time": format!("{:.2}s", tally.seconds / calls),
            "system_metrics": {},
        },
        "uptime": uptime,
    }))
}
