/** Passkeys: hand the server's question to the browser, send its answer with the form. */

const form = document.querySelector("form[data-passkey]");

function bytes(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function text(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function known(list) {
  return (list ?? []).map((key) => ({ ...key, id: bytes(key.id) }));
}

async function create(options) {
  const key = await navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: bytes(options.challenge),
      user: { ...options.user, id: bytes(options.user.id) },
      excludeCredentials: known(options.excludeCredentials),
    },
  });
  return {
    id: key.id,
    rawId: text(key.rawId),
    type: key.type,
    response: {
      attestationObject: text(key.response.attestationObject),
      clientDataJSON: text(key.response.clientDataJSON),
      transports: key.response.getTransports?.() ?? null,
    },
    extensions: JSON.stringify(key.getClientExtensionResults()),
  };
}

async function get(options) {
  const key = await navigator.credentials.get({
    publicKey: {
      ...options,
      challenge: bytes(options.challenge),
      allowCredentials: known(options.allowCredentials),
    },
  });
  return {
    id: key.id,
    rawId: text(key.rawId),
    type: key.type,
    response: {
      authenticatorData: text(key.response.authenticatorData),
      clientDataJSON: text(key.response.clientDataJSON),
      signature: text(key.response.signature),
      userHandle: key.response.userHandle ? text(key.response.userHandle) : null,
    },
  };
}

async function ask() {
  const options = JSON.parse(form.dataset.options);
  try {
    const answer = form.dataset.passkey === "create" ? await create(options) : await get(options);
    form.elements.credential.value = JSON.stringify(answer);
    form.submit();
  } catch {
    document.querySelector("[data-passkey-status]").hidden = true;
    document.querySelector("[data-passkey-error]").hidden = false;
  }
}

/** A page that leaves while it still appears makes the browser complain. */
async function settled() {
  await new Promise((shown) => requestAnimationFrame(shown));
  await document.activeViewTransition?.finished.catch(() => {});
}

if (form) settled().then(ask);
