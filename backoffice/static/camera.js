// camera.js - a picture taken in the page for an <input type=file capture>: what the camera sees in a dialog, one press, and the picture
// is in the box as if it had been chosen. Where there is no camera or no leave to use it, the box stays as it is.
(() => {
  if (!navigator.mediaDevices?.getUserMedia) return;
  const QUALITY = .92;

  const make = (name, words, values = {}) => Object.assign(document.createElement(name), { textContent: words || "" }, values);
  const button = (words, press, look = "") => {
    const made = make("button", words, { type: "button", className: `btn ${look}` });
    made.addEventListener("click", press);
    return made;
  };

  async function take(box, label) {
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: box.getAttribute("capture"), width: { ideal: 1280 } }, audio: false });
    } catch (problem) {
      say(box, problem.name === "NotAllowedError" ? "浏览器没有允许使用摄像头，请在地址栏左侧允许，或选择图片文件。" : "没有找到可用的摄像头，请选择图片文件。");
      return;
    }
    const dialog = make("dialog", "", { className: "wide" }), title = make("h2", label, { id: "camera-title" }), video = make("video", "", { muted: true, playsInline: true, autoplay: true });
    const header = make("header"), room = make("div", "", { className: "pad shutter" }), footer = make("footer");
    const shoot = button("拍照", () => keep(box, label, video).then(() => dialog.close()), "main-act");
    dialog.setAttribute("aria-labelledby", title.id);
    header.append(title); room.append(video);
    footer.append(button("取消", () => dialog.close()), shoot);
    dialog.append(header, room, footer); document.body.append(dialog);
    dialog.addEventListener("close", () => { stream.getTracks().forEach(track => track.stop()); dialog.remove(); opener(box).focus(); });
    shoot.disabled = true;
    video.addEventListener("playing", () => { shoot.disabled = false; shoot.focus(); }, { once: true });
    video.srcObject = stream;
    dialog.showModal();
  }

  async function keep(box, label, video) {
    const canvas = make("canvas", "", { width: video.videoWidth, height: video.videoHeight });
    canvas.getContext("2d").drawImage(video, 0, 0);
    const picture = await new Promise(done => canvas.toBlob(done, "image/jpeg", QUALITY)), chosen = new DataTransfer();
    chosen.items.add(new File([picture], `${label}.jpg`, { type: "image/jpeg" }));
    box.files = chosen.files;
    box.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // what is chosen, or taken, is seen beside the box
  function show(box) {
    box.parentElement.querySelector(".taken")?.remove();
    const [file] = box.files;
    if (!file) return;
    const picture = make("img", "", { className: "taken", alt: "将要保存的照片", src: URL.createObjectURL(file) });
    picture.addEventListener("load", () => URL.revokeObjectURL(picture.src), { once: true });
    box.parentElement.append(picture);
    say(box, "");
  }

  const opener = box => box.parentElement.querySelector("[data-camera]");
  const say = (box, words) => { box.parentElement.querySelector("[data-part=camera]").textContent = words; };

  for (const box of document.querySelectorAll("input[type=file][capture]")) {
    const label = document.querySelector(`label[for="${box.id}"]`).firstChild.textContent.trim(), open = button("用摄像头拍照", () => take(box, label));
    open.dataset.camera = ""; open.dataset.key = "c";
    const said = make("p", "", { className: "small wait" });
    said.dataset.part = "camera"; said.setAttribute("role", "status");
    box.after(open, said);
    box.addEventListener("change", () => show(box));
  }
})();
