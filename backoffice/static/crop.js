// crop.js - an identity photo out of any picture: what is chosen in an <input data-width data-height data-kb> is moved and enlarged behind a frame
// of the right proportions, by finger, mouse, keys or slider, and the part in the frame takes its place in the box as a JPEG of exactly the size
// that is asked for. A file that is right already stays as it is. The server checks it all again.
(() => {
  const MOST_ZOOM = 6, STEP = 10;       // how far one enlarges; pixels of the frame that one press of an arrow moves

  function cropper(box) {
    const [width, height, kb] = ["width", "height", "kb"].map(name => Number(box.dataset[name]));
    const room = document.getElementById(box.dataset.crop), canvas = room.querySelector("canvas"), slider = room.querySelector("input"), said = room.querySelector("[data-part=said]");
    let picture, scale, least, x, y, own = false, due;
    canvas.width = width; canvas.height = height;

    // x, y: where the upper left corner of the frame lies in the picture; scale: pixels of the frame for one of the picture
    function place(nextX, nextY, nextScale = scale) {
      scale = Math.min(least * MOST_ZOOM, Math.max(least, nextScale));
      x = Math.min(picture.width - width / scale, Math.max(0, nextX));
      y = Math.min(picture.height - height / scale, Math.max(0, nextY));
      slider.value = Math.log(scale / least) / Math.log(MOST_ZOOM) * 100;
      const pen = canvas.getContext("2d");
      pen.imageSmoothingQuality = "high";
      pen.fillStyle = "#fff"; pen.fillRect(0, 0, width, height);
      pen.drawImage(picture, x, y, width / scale, height / scale, 0, 0, width, height);
      said.textContent = scale > 1.05
        ? `截取的部分只有 ${Math.round(width / scale)} × ${Math.round(height / scale)} 像素，放大后会模糊：请缩小一些，或换一张更清晰的照片。` : "";
      clearTimeout(due); due = setTimeout(keep, 250);
    }
    const zoom = factor => { const middle = [x + width / scale / 2, y + height / scale / 2], next = Math.min(least * MOST_ZOOM, Math.max(least, scale * factor));
      place(middle[0] - width / next / 2, middle[1] - height / next / 2, next); };

    // the largest quality whose file is within the limit
    async function keep() {
      let file;
      for (const quality of [.95, .9, .85, .8, .7, .6, .5]) {
        file = await new Promise(done => canvas.toBlob(done, "image/jpeg", quality));
        if (file.size <= kb * 1024) break;
      }
      const chosen = new DataTransfer();
      chosen.items.add(new File([file], "photo.jpg", { type: "image/jpeg" }));
      own = true; box.files = chosen.files;
      box.dispatchEvent(new Event("change", { bubbles: true }));
      own = false;
    }

    box.addEventListener("change", async () => {
      if (own) return;
      clearTimeout(due); room.hidden = true;
      const [file] = box.files, found = file && await createImageBitmap(file).catch(() => null);
      if (!found || (found.width === width && found.height === height && file.type === "image/jpeg" && file.size <= kb * 1024)) return;
      picture = found; least = Math.max(width / found.width, height / found.height);
      room.hidden = false;
      place((found.width - width / least) / 2, (found.height - height / least) / 3, least);      // faces are in the upper part
    });

    slider.addEventListener("input", () => zoom(least * MOST_ZOOM ** (slider.value / 100) / scale));
    const fingers = new Map();
    canvas.addEventListener("pointerdown", event => { canvas.setPointerCapture(event.pointerId); fingers.set(event.pointerId, event); });
    for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, event => fingers.delete(event.pointerId));
    canvas.addEventListener("pointermove", event => {
      const before = fingers.get(event.pointerId);
      if (!before) return;
      const shown = canvas.clientWidth / width, others = [...fingers.values()].filter(one => one.pointerId !== event.pointerId);
      if (others.length) zoom(Math.hypot(event.clientX - others[0].clientX, event.clientY - others[0].clientY) / Math.hypot(before.clientX - others[0].clientX, before.clientY - others[0].clientY));
      else place(x - (event.clientX - before.clientX) / shown / scale, y - (event.clientY - before.clientY) / shown / scale);
      fingers.set(event.pointerId, event);
    });
    canvas.addEventListener("wheel", event => { event.preventDefault(); zoom(event.deltaY < 0 ? 1.1 : 1 / 1.1); }, { passive: false });
    canvas.addEventListener("keydown", event => {
      const [right, down] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] || [0, 0];
      if (right || down) place(x - right * STEP / scale, y - down * STEP / scale);
      else if (event.key === "+" || event.key === "=") zoom(1.1);
      else if (event.key === "-") zoom(1 / 1.1);
      else return;
      event.preventDefault();
    });
  }

  document.querySelectorAll("[data-crop]").forEach(cropper);
})();
