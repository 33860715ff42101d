// One file to the server, with how far it has got.
export const fill = (text, values) =>
  Object.entries(values).reduce((filled, [key, value]) => filled.replace(`{${key}}`, () => value), text);

export const headers = () => JSON.parse(document.body.getAttribute("hx-headers") ?? "{}");

export function send(address, file, tell) {
  const request = new XMLHttpRequest();
  const body = new FormData();
  body.append("upload", file, file.name);
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) tell(Math.round((100 * event.loaded) / event.total));
  });
  request.open("POST", address);
  Object.entries(headers()).forEach(([name, value]) => request.setRequestHeader(name, value));
  return new Promise((resolve) => {
    request.addEventListener("loadend", () => resolve(request));
    request.send(body);
  });
}
