"""Full bodies as the providers send them, written from the fields that they document."""

from typing import Any

PAGERDUTY: dict[str, Any] = {
    "routing_key": "0123456789abcdef0123456789abcdef",
    "payload": {
        "summary": "checkout 7.2.0 rolled out",
        "timestamp": "2026-11-20T09:00:00.315+0000",
        "source": "checkout",
        "custom_details": {
            "build_state": "passed",
            "build_number": "2",
            "environment": "production",
            "version": "7.2.0",
            "stages": ["build", "deploy"],
        },
    },
    "links": [{"href": "https://ci.example.com/builds/2", "text": "the build"}],
}

_USER = {
    "login": "ana",
    "id": 7,
    "node_id": "U_7",
    "avatar_url": "https://avatars.example.com/u/7",
    "html_url": "https://github.com/ana",
    "type": "User",
    "site_admin": False,
}
_SHA = "4f1c0ffee0000000000000000000000000000abc"
_API = "https://api.github.com/repos/acme/checkout"
_DEPLOYMENT = {
    "url": f"{_API}/deployments/45",
    "id": 45,
    "node_id": "DE_45",
    "task": "deploy",
    "original_environment": "production",
    "environment": "production",
    "description": None,
    "created_at": "2026-11-20T08:58:00Z",
    "updated_at": "2026-11-20T09:00:05Z",
    "statuses_url": f"{_API}/deployments/45/statuses",
    "repository_url": _API,
    "creator": _USER,
    "sha": _SHA,
    "ref": "v7.2.0",
    "payload": {},
    "transient_environment": False,
    "production_environment": True,
    "performed_via_github_app": None,
}
_REPOSITORY = {
    "id": 99,
    "node_id": "R_99",
    "name": "checkout",
    "full_name": "acme/checkout",
    "private": True,
    "owner": {**_USER, "login": "acme", "type": "Organization"},
    "html_url": "https://github.com/acme/checkout",
    "description": None,
    "fork": False,
    "url": _API,
    "created_at": "2020-01-01T00:00:00Z",
    "pushed_at": "2026-11-20T08:57:00Z",
    "default_branch": "main",
}
GITHUB_STATUS: dict[str, Any] = {
    "action": "created",
    "deployment_status": {
        "url": f"{_API}/deployments/45/statuses/3",
        "id": 3,
        "node_id": "DES_3",
        "state": "success",
        "creator": _USER,
        "description": "",
        "environment": "production",
        "target_url": "https://ci.example.com/old",
        "created_at": "2026-11-20T09:00:05Z",
        "updated_at": "2026-11-20T09:00:05Z",
        "deployment_url": f"{_API}/deployments/45",
        "repository_url": _API,
        "environment_url": "https://wallet.example.com",
        "log_url": "https://ci.example.com/runs/12",
        "performed_via_github_app": None,
    },
    "deployment": _DEPLOYMENT,
    "check_run": None,
    "workflow": None,
    "workflow_run": None,
    "repository": _REPOSITORY,
    "sender": _USER,
}
GITHUB_DEPLOYMENT: dict[str, Any] = {
    "action": "created",
    "deployment": _DEPLOYMENT,
    "workflow": None,
    "workflow_run": None,
    "repository": _REPOSITORY,
    "sender": _USER,
}
GITHUB_PING: dict[str, Any] = {
    "zen": "Keep it logically awesome.",
    "hook_id": 1,
    "hook": {"type": "Repository", "id": 1, "name": "web", "active": True, "events": ["*"]},
    "repository": _REPOSITORY,
    "sender": _USER,
}
GITHUB_HEADERS = {
    "Content-Type": "application/json",
    "User-Agent": "GitHub-Hookshot/044aadd",
    "X-GitHub-Delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
    "X-GitHub-Event": "deployment_status",
    "X-GitHub-Hook-ID": "1",
    "X-GitHub-Hook-Installation-Target-ID": "99",
    "X-GitHub-Hook-Installation-Target-Type": "repository",
}

GITLAB: dict[str, Any] = {
    "object_kind": "deployment",
    "status": "success",
    "status_changed_at": "2026-11-20 10:00:05 +0100",
    "deployment_id": 15,
    "deployable_id": 796,
    "deployable_url": "https://gitlab.example.com/acme/shop/cart/-/jobs/796",
    "environment": "production",
    "environment_tier": "production",
    "environment_slug": "production",
    "environment_external_url": "https://shop.example.com",
    "project": {
        "id": 30,
        "name": "Shopping Cart",
        "description": "",
        "web_url": "https://gitlab.example.com/acme/shop/cart",
        "avatar_url": None,
        "git_ssh_url": "ssh://git@gitlab.example.com/acme/shop/cart.git",
        "git_http_url": "https://gitlab.example.com/acme/shop/cart.git",
        "namespace": "shop",
        "visibility_level": 0,
        "path_with_namespace": "acme/shop/cart",
        "default_branch": "main",
        "ci_config_path": "",
        "homepage": "https://gitlab.example.com/acme/shop/cart",
    },
    "ref": "main",
    "short_sha": "279484c0",
    "user": {"id": 1, "name": "Ana", "username": "ana", "email": "ana@example.com"},
    "user_url": "https://gitlab.example.com/ana",
    "commit_url": "https://gitlab.example.com/acme/shop/cart/-/commit/279484c0",
    "commit_title": "Faster totals",
}
GITLAB_HEADERS = {
    "Content-Type": "application/json",
    "User-Agent": "GitLab/18.5.0",
    "X-Gitlab-Event": "Deployment Hook",
    "X-Gitlab-Event-UUID": "5d29c3a0-0000-4000-8000-000000000001",
    "X-Gitlab-Webhook-UUID": "5d29c3a0-0000-4000-8000-000000000002",
    "X-Gitlab-Instance": "https://gitlab.example.com",
    "Idempotency-Key": "5d29c3a0-0000-4000-8000-000000000003",
}

BARE: dict[str, Any] = {
    "id": "flag-fast-pay-on",
    "time": "2026-11-20T09:00:00Z",
    "summary": "flag fast-pay on for 50 %",
    "product": "wallet",
    "service": "checkout",
    "attributes": {"flag": "fast-pay", "region": "CN-31"},
}
