const paddingPx = 4;

/** Draws closing prices as a line over a soft area; colours come from the theme. Marks only, so floating numbers will do. */
export function drawLine(canvas, closes) {
  const { clientWidth: width, clientHeight: height } = canvas;
  if (width === 0) return;
  const scale = devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * scale)) canvas.width = Math.round(width * scale);
  if (canvas.height !== Math.round(height * scale)) canvas.height = Math.round(height * scale);
  const pen = canvas.getContext('2d');
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  pen.clearRect(0, 0, width, height);
  if (closes.length < 2) return;
  const colour = getComputedStyle(canvas).color;
  const points = pointsOf(closes, width, height);
  const last = points.at(-1);
  const trace = () => {
    pen.beginPath();
    for (const [index, [x, y]] of points.entries()) index === 0 ? pen.moveTo(x, y) : pen.lineTo(x, y);
  };
  trace();
  pen.lineTo(last[0], height);
  pen.lineTo(points[0][0], height);
  pen.closePath();
  const area = pen.createLinearGradient(0, 0, 0, height);
  area.addColorStop(0, colour);
  area.addColorStop(1, 'transparent');
  pen.globalAlpha = 0.18;
  pen.fillStyle = area;
  pen.fill();
  pen.globalAlpha = 1;
  trace();
  pen.lineWidth = 1.75;
  pen.lineJoin = 'round';
  pen.strokeStyle = colour;
  pen.stroke();
  pen.beginPath();
  pen.arc(last[0], last[1], 3, 0, 2 * Math.PI);
  pen.fillStyle = colour;
  pen.fill();
}

function pointsOf(closes, width, height) {
  const low = Math.min(...closes);
  const span = Math.max(...closes) - low || 1;
  const step = (width - 2 * paddingPx) / (closes.length - 1);
  return closes.map((close, index) => [
    paddingPx + index * step,
    height - paddingPx - ((close - low) / span) * (height - 2 * paddingPx),
  ]);
}
