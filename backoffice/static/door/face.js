// face.js - what the screen shows: the verdict with its person, the counts, the sounds.
const at = id => document.getElementById(id);
const PARTS = ["capture", "ask", "unverified"];

// tone: off busy ok bad wait; `parts` are what can be done next, and the focus goes there, else back to where the scanner types
export function show(tone, words, reasons = [], parts = [], person = null) {
  at("verdict").className = `verdict ${tone}`;
  at("words").textContent = words;
  at("why").replaceChildren(...reasons.flatMap(one => {
    const figures = [["要求", one.required], ["实际", one.actual]].filter(([, value]) => value).map(pair => pair.join(" ")).join("，");
    const line = document.createElement("li");
    line.textContent = [one.text === words ? "" : one.text, figures].filter(Boolean).join("：");
    return line.textContent ? [line] : [];
  }));
  for (const part of PARTS) at(part).hidden = !parts.includes(part);
  at("who").hidden = !person;
  if (person) introduce(person);
  if (at("sound").checked) sound(tone);
  (parts.length && at(parts[0]).querySelector("[data-reader], input, .main-act") || at("text")).focus();
}

function introduce(person) {
  at("photo").hidden = !person.photo;
  if (person.photo && at("photo").getAttribute("src") !== person.photo) at("photo").src = person.photo;
  const words = { name: person.name, place: person.place, "in-room": `${person.room} 考场`, subject: person.subject, document: person.document, number: person.number };
  for (const [id, value] of Object.entries(words)) at(id).textContent = value;
}

function sound(tone) {
  if (!["ok", "bad"].includes(tone)) return;
  const good = tone === "ok", player = new AudioContext(), note = new OscillatorNode(player, { frequency: good ? 880 : 220, type: good ? "sine" : "square" });
  note.connect(player.destination);
  note.start();
  note.stop(player.currentTime + (good ? .12 : .7));
  note.onended = () => player.close();
}

export function draw(rooms) {
  const mine = at("room").value, chosen = mine ? rooms.filter(room => String(room.room) === mine) : rooms;
  const sum = (name, of) => of.reduce((total, room) => total + room[name], 0);
  at("inside").textContent = sum("inside", chosen);
  at("expected").textContent = sum("expected", chosen);
  at("counted").textContent = mine ? `全考点 ${sum("inside", rooms)} / ${sum("expected", rooms)}` : "";
  at("rooms").replaceChildren(...rooms.map(room => {
    const line = document.createElement("tr");
    [room.number, room.inside, room.expected, room.waiting || ""].forEach((value, n) => {
      const cell = document.createElement(n ? "td" : "th");
      cell.textContent = value;
      if (n) cell.className = "num";
      line.append(cell);
    });
    return line;
  }));
}
