// The layout of the picture: left to right if there is room, otherwise top to bottom.

export type Box = { readonly x: number; readonly y: number; readonly w: number; readonly h: number };

export type Layout = {
  readonly width: number;
  readonly height: number;
  readonly client: Box;
  readonly proxy: Box;
  readonly redis: Box;
  readonly replicas: readonly Box[];
  /** Around proxy and replicas; around replicas and Redis. Where there is one zone for all, it goes from one to the other. */
  readonly front: Box;
  readonly back: Box;
  /** The paths of SVG that a request takes: to the proxy, to each replica, from each replica to Redis. */
  readonly toProxy: string;
  readonly toReplica: readonly string[];
  readonly toRedis: readonly string[];
};

const WIDE = 700;
const MARGIN = 20; // between the edge of a zone and what stands in it
const TITLE = 28; // the line of a zone's name

/** @param width of the picture in pixels */
export const layOut = (width: number, replicas: number): Layout =>
  width >= WIDE ? wide(width, replicas) : narrow(width, replicas);

const wide = (width: number, count: number): Layout => {
  const [rowH, gap, top] = [62, 14, TITLE + MARGIN];
  const inner = Math.max(count, 1) * (rowH + gap) - gap;
  const middle = top + inner / 2;
  const column = (x: number, w: number, h: number): Box => ({ x, y: middle - h / 2, w, h });
  const replicaW = Math.min(330, width * 0.28);
  const free = width - 92 - 140 - replicaW - 160 - MARGIN;
  const client = column(1, 92, 56);
  const proxy = column(client.x + client.w + free * 0.28, 140, 62);
  const replicaX = proxy.x + proxy.w + free * 0.36;
  const redis = column(width - MARGIN - 161, 160, 62);
  const boxes = Array.from({ length: count }, (_, i) => ({
    x: replicaX,
    y: top + i * (rowH + gap),
    w: replicaW,
    h: rowH,
  }));
  const height = top + inner + MARGIN;
  const zone = (from: number, to: number): Box => ({
    x: from - MARGIN,
    y: 1,
    w: to - from + 2 * MARGIN,
    h: height - 2,
  });
  const curve = (from: Box, to: Box): string => {
    const [x1, y1, x2, y2] = [from.x + from.w, from.y + from.h / 2, to.x, to.y + to.h / 2];
    const bend = (x1 + x2) / 2;
    return `M${x1} ${y1}C${bend} ${y1} ${bend} ${y2} ${x2} ${y2}`;
  };
  return {
    ...{ width, height, client, proxy, redis, replicas: boxes },
    front: zone(proxy.x, replicaX + replicaW),
    back: zone(replicaX, redis.x + redis.w),
    toProxy: curve(client, proxy),
    toReplica: boxes.map((box) => curve(proxy, box)),
    toRedis: boxes.map((box) => curve(box, redis)),
  };
};

// The replicas stand below each other, between two lines: requests come down on the left, and go on on the right.
const narrow = (width: number, count: number): Layout => {
  const [rowH, gap, bus] = [58, 10, 24];
  const centred = (y: number, w: number, h: number): Box => ({ x: (width - w) / 2, y, w, h });
  const client = centred(1, 110, 44);
  const proxy = centred(client.h + 24 + TITLE, 150, 54);
  const top = proxy.y + proxy.h + 2 * MARGIN;
  const boxes = Array.from({ length: count }, (_, i) => ({
    ...{ x: bus + MARGIN, y: top + i * (rowH + gap) },
    ...{ w: width - 2 * (bus + MARGIN), h: rowH },
  }));
  const bottom = top + Math.max(count, 1) * (rowH + gap) - gap;
  const redis = centred(bottom + 2 * MARGIN, 150, 54);
  const height = redis.y + redis.h + TITLE + 4;
  const [left, right] = [bus, width - bus];
  const middle = ({ y, h }: Box) => y + h / 2;
  return {
    ...{ width, height, client, proxy, redis, replicas: boxes },
    front: { x: 1, y: client.h + 18, w: width - 10, h: bottom + MARGIN - client.h - 18 },
    back: { x: 9, y: top - MARGIN, w: width - 10, h: height - top + MARGIN - 1 },
    toProxy: `M${width / 2} ${client.y + client.h}V${proxy.y}`,
    toReplica: boxes.map((box) => bent(proxy.x, middle(proxy), left, middle(box), box.x)),
    toRedis: boxes.map((box) => bent(box.x + box.w, middle(box), right, middle(redis), redis.x + redis.w)),
  };
};

// From (x1, y1) sideways to `turn`, down to y2, and sideways to x2, with round corners.
const bent = (x1: number, y1: number, turn: number, y2: number, x2: number): string => {
  const r = 10;
  const [out, back] = [Math.sign(turn - x1) * r, Math.sign(x2 - turn) * r];
  return `M${x1} ${y1}H${turn - out}Q${turn} ${y1} ${turn} ${y1 + r}V${y2 - r}Q${turn} ${y2} ${turn + back} ${y2}H${x2}`;
};
