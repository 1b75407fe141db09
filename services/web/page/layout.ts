// The layout of the picture: left to right if there is room, otherwise top to bottom.

export type Box = { readonly x: number; readonly y: number; readonly w: number; readonly h: number };

export type Point = { readonly x: number; readonly y: number };

export type Layout = {
  readonly width: number;
  readonly height: number;
  readonly client: Box;
  readonly proxy: Box;
  readonly redis: Box;
  readonly replicas: readonly Box[];
  /** Whether a replica has one line for its text, not two. */
  readonly compact: boolean;
  /** Around proxy and replicas; around replicas and Redis. Where there is one zone for all, it goes from one to the other. */
  readonly front: Box;
  readonly back: Box;
  /** The middle of the line of text that is in both zones. */
  readonly both: Point;
  /** The paths of SVG that a request takes: to the proxy, to each replica, from each replica to Redis. */
  readonly toProxy: string;
  readonly toReplica: readonly string[];
  readonly toRedis: readonly string[];
  /** Where the rate of each line is written: to the proxy, and to each replica, if there is room. */
  readonly rates: readonly Point[];
};

const WIDE = 700;
const MARGIN = 20; // between the edge of a zone and what stands in it
const TITLE = 28; // the line of a zone's name

/** @param width of the picture, in its own pixels */
export const layOut = (width: number, replicas: number): Layout =>
  width >= WIDE ? wide(width, replicas) : narrow(width, replicas);

// From 7 replicas on, each is one line; from 16 on, they stand in columns, of which a phone has room for two.
const shapeOf = (count: number, tall: number, width: number) => {
  const columns = count < 16 ? 1 : count <= 24 || width < 450 ? 2 : 3;
  return {
    columns,
    rows: Math.max(1, Math.ceil(count / columns)),
    rowH: count < 7 ? tall : 32,
    gap: count < 7 ? 14 : 6,
  };
};

const boxesIn = (
  area: Omit<Box, 'h'>,
  count: number,
  { columns, rows, rowH, gap }: ReturnType<typeof shapeOf>,
): Box[] => {
  const w = (area.w - (columns - 1) * gap) / columns;
  return Array.from({ length: count }, (_, i) => ({
    ...{ x: area.x + Math.floor(i / rows) * (w + gap), y: area.y + (i % rows) * (rowH + gap) },
    ...{ w, h: rowH },
  }));
};

const wide = (width: number, count: number): Layout => {
  const shape = shapeOf(count, 62, width);
  const { columns, rows, rowH, gap } = shape;
  const top = TITLE + MARGIN;
  const inner = rows * (rowH + gap) - gap;
  const middle = top + inner / 2;
  const column = (x: number, w: number, h: number): Box => ({ x, y: middle - h / 2, w, h });
  const replicaW = columns > 1 ? Math.min(170 * columns, width * 0.4) : Math.min(330, width * 0.28);
  const free = width - 92 - 140 - replicaW - 160 - MARGIN;
  const client = column(1, 92, 56);
  const proxy = column(client.x + client.w + free * 0.28, 140, 62);
  const replicaX = proxy.x + proxy.w + free * 0.36;
  const redis = column(width - MARGIN - 161, 160, 62);
  const boxes = boxesIn({ x: replicaX, y: top, w: replicaW }, count, shape);
  const height = Math.max(top + inner, middle + 31) + MARGIN;
  const zone = (from: number, to: number): Box => ({
    x: from - MARGIN,
    y: 1,
    w: to - from + 2 * MARGIN,
    h: height - 2,
  });
  const curve = (x1: number, y1: number, x2: number, y2: number, end = x2): string => {
    const bend = (x1 + x2) / 2;
    return `M${x1} ${y1}C${bend} ${y1} ${bend} ${y2} ${x2} ${y2}H${end}`;
  };
  // Where they stand in columns, the lines run along the rows, behind the boxes.
  const row = (box: Box) => box.y + box.h / 2;
  return {
    ...{ width, height, client, proxy, redis, replicas: boxes, compact: rowH < 50 },
    front: zone(proxy.x, replicaX + replicaW),
    back: zone(replicaX, redis.x + redis.w),
    both: { x: replicaX + replicaW / 2, y: 21 },
    toProxy: `M${client.x + client.w} ${middle}H${proxy.x}`,
    toReplica: boxes.map((box) => curve(proxy.x + proxy.w, middle, replicaX, row(box), box.x)),
    toRedis: boxes.map((box) => {
      const end = replicaX + replicaW;
      return `M${box.x + box.w} ${row(box)}H${end}${curve(end, row(box), redis.x, middle).replace('M', 'L')}`;
    }),
    rates: [
      { x: (client.x + client.w + proxy.x) / 2, y: middle - 10 },
      ...(columns > 1 ? [] : boxes.map((box) => ({ x: replicaX - 26, y: row(box) + (row(box) > middle ? 18 : -8) }))),
    ],
  };
};

// The replicas stand below each other, between two lines: requests come down on the left, and continue on the right.
const narrow = (width: number, count: number): Layout => {
  const bus = 24;
  const shape = { ...shapeOf(count, 58, width), ...(count < 7 ? { gap: 10 } : {}) };
  const { columns, rows, rowH, gap } = shape;
  const centred = (y: number, w: number, h: number): Box => ({ x: (width - w) / 2, y, w, h });
  const client = centred(1, 110, 44);
  const proxy = centred(client.h + 24 + TITLE, 150, 54);
  const top = proxy.y + proxy.h + 2 * MARGIN;
  const area = { x: bus + MARGIN, y: top, w: width - 2 * (bus + MARGIN) };
  const boxes = boxesIn(area, count, shape);
  const bottom = top + rows * (rowH + gap) - gap;
  const redis = centred(bottom + 2 * MARGIN, 150, 54);
  const height = redis.y + redis.h + TITLE + 4;
  const [left, right] = [bus, width - bus];
  const middle = ({ y, h }: Box) => y + h / 2;
  return {
    ...{ width, height, client, proxy, redis, replicas: boxes, compact: rowH < 50 },
    front: { x: 1, y: client.h + 18, w: width - 10, h: bottom + MARGIN - client.h - 18 },
    back: { x: 9, y: top - MARGIN, w: width - 10, h: height - top + MARGIN - 1 },
    both: { x: width / 2, y: bottom + 15 },
    toProxy: `M${width / 2} ${client.y + client.h}V${proxy.y}`,
    toReplica: boxes.map((box) => bent(proxy.x, middle(proxy), left, middle(box), box.x)),
    toRedis: boxes.map((box) => bent(box.x + box.w, middle(box), right, middle(redis), redis.x + redis.w)),
    rates: columns > 1 ? [] : [{ x: width / 2 + 44, y: client.y + client.h + 14 }],
  };
};

// From (x1, y1) sideways to `turn`, down to y2, and sideways to x2, with round corners.
const bent = (x1: number, y1: number, turn: number, y2: number, x2: number): string => {
  const r = 10;
  const [out, back] = [Math.sign(turn - x1) * r, Math.sign(x2 - turn) * r];
  return `M${x1} ${y1}H${turn - out}Q${turn} ${y1} ${turn} ${y1 + r}V${y2 - r}Q${turn} ${y2} ${turn + back} ${y2}H${x2}`;
};
