/* The camera, where the browser itself can read a QR code. */

export const canScan = () => "BarcodeDetector" in window && Boolean(navigator.mediaDevices?.getUserMedia);

/* Shows the camera in `place` and calls `onCode` for each code it sees; the same one counts again
   only after it has been out of sight. Returns the function that stops it. */
export async function startScan(place, onCode) {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  const video = document.createElement("video");
  video.muted = true;
  video.playsInline = true;
  video.srcObject = stream;
  place.replaceChildren(video);
  place.hidden = false;
  await video.play();
  let last = "", lost = 0, timer = 0, stopped = false;
  const look = async () => {
    const found = video.readyState >= 2 ? await detector.detect(video).catch(() => []) : [];
    const code = found[0]?.rawValue ?? "";
    if (code && code !== last && !stopped) onCode(code);
    lost = code ? 0 : lost + 1;
    if (code || lost > 5) last = code;
    if (!stopped) timer = setTimeout(look, 200);
  };
  look();
  return () => {
    stopped = true;
    clearTimeout(timer);
    for (const track of stream.getTracks()) track.stop();
    place.hidden = true;
    place.replaceChildren();
  };
}
