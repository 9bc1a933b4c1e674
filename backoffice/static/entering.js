// entering.js - the two things on the way in that only a browser can do: let a passkey sign, and find the number of the challenge.
(() => {
  const bytes = text => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), c => c.charCodeAt(0));
  const text = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
  const token = () => document.querySelector("meta[name=csrf-token]").content;

  // data-key="get" or "create" on a form: the options come from data-options, the answer goes into the field of that name
  async function ask(form) {
    const answer = await fetch(form.dataset.options, { method: "POST", headers: { "X-CSRFToken": token(), Accept: "application/json" } });
    if (!answer.ok) throw new Error("options");
    const options = await answer.json(), make = form.dataset.key === "create";
    options.challenge = bytes(options.challenge);
    for (const key of [...(options.allowCredentials || []), ...(options.excludeCredentials || [])]) key.id = bytes(key.id);
    if (make) options.user.id = bytes(options.user.id);
    const key = make ? await navigator.credentials.create({ publicKey: options }) : await navigator.credentials.get({ publicKey: options });
    const { response } = key, parts = { clientDataJSON: text(response.clientDataJSON) };
    if (make) Object.assign(parts, { attestationObject: text(response.attestationObject), transports: response.getTransports?.() || [] });
    else Object.assign(parts, { authenticatorData: text(response.authenticatorData), signature: text(response.signature),
      userHandle: response.userHandle ? text(response.userHandle) : null });
    return JSON.stringify({ id: key.id, rawId: text(key.rawId), type: key.type, response: parts, clientExtensionResults: key.getClientExtensionResults() });
  }

  document.addEventListener("submit", async event => {
    const form = event.target.closest("[data-key]");
    if (!form) return;
    event.preventDefault();
    const fault = form.querySelector("[data-key-fault]");
    fault.hidden = true;
    try {
      form.elements.answer.value = await ask(form);
      form.submit();
    } catch {
      fault.textContent = "没有完成：这个浏览器不支持通行密钥，或者您取消了。可以再试一次。";
      fault.hidden = false;
    }
  });

  // data-challenge around the hidden field: the number is found while the form is filled in; a form sent earlier waits for it
  async function solve(field) {
    const packed = JSON.parse(atob(field.value)), { nonce, salt, keyPrefix } = packed.challenge.parameters;
    const hex = value => Uint8Array.from(value.match(/../g), pair => parseInt(pair, 16));
    const data = Uint8Array.from([...hex(salt), ...hex(nonce), 0, 0, 0, 0]), view = new DataView(data.buffer), begun = performance.now();
    for (let counter = 0; ; counter++) {
      view.setUint32(data.length - 4, counter);
      const key = [...new Uint8Array(await crypto.subtle.digest("SHA-256", data))].map(byte => byte.toString(16).padStart(2, "0")).join("");
      if (!key.startsWith(keyPrefix)) continue;
      packed.solution = { counter, derivedKey: key, time: Math.round(performance.now() - begun) };
      field.value = btoa(JSON.stringify(packed));
      return;
    }
  }

  for (const box of document.querySelectorAll("[data-challenge]")) {
    const field = box.querySelector("input"), words = box.querySelector("[data-part=words]");
    if (!globalThis.crypto?.subtle) continue;          // not a secure address: waiting does as well
    words.textContent = "正在验证……可以继续填写。";
    let done = false, waiting = false;
    field.form.addEventListener("submit", event => { if (!done) { event.preventDefault(); waiting = true; words.textContent = "正在验证，马上提交……"; } });
    solve(field).then(() => { done = true; words.textContent = "验证完成。"; if (waiting) field.form.requestSubmit(); });
  }
})();
