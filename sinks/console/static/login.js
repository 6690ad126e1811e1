import { speak, t } from "./i18n.js";

await speak();
const trouble = document.getElementById("trouble");
const token = document.getElementById("token");

document.getElementById("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  trouble.textContent = "";
  try {
    const answer = await fetch("/api/login", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Groundswell": "console" },
      body: JSON.stringify({ token: token.value }),
    });
    if (answer.ok) location.assign("/");
    else trouble.textContent = t("login.wrong");
  } catch {
    trouble.textContent = t("action.unreachable");
  }
});
token.focus();
