/**
 * Where the parts of a frame are, worked out without making anything of them: what filters and flow tables look at, a million times. One view
 * is filled anew for each frame.
 */
export interface FrameView {
  data: Buffer;
  /** Length on the wire. */
  length: number;
  linkType: number;
  /** EtherType of what is inside (IP over a link without it: as if it had one); -1: none. */
  type: number;
  /** Where the network header begins. */
  at: number;
  /** Protocol of IP; -1: it is no IP. */
  protocol: number;
  /** Where the transport header begins. */
  transport: number;
  /** A later fragment, which has no ports. */
  isFragment: boolean;
  /** A byte was asked for that is not there. */
  isShort: boolean;
}

const IP = 0x0800;
const IP6 = 0x86dd;

/** A view of nothing yet. */
export function emptyView(): FrameView {
  return {
    data: Buffer.alloc(0),
    length: 0,
    linkType: 1,
    type: -1,
    at: 0,
    protocol: -1,
    transport: 0,
    isFragment: false,
    isShort: false,
  };
}

/** Bytes before the network header, for links that have any; undefined: the link is not known. */
function linkHeader(linkType: number): { type: number; length: number } | undefined {
  if (linkType === 1) return { type: 12, length: 14 };
  if (linkType === 113) return { type: 14, length: 16 };
  if (linkType === 276) return { type: 0, length: 20 };
  return undefined;
}

/** Looks at a frame; `tags` VLAN tags are stepped over. */
export function lookAt(view: FrameView, tags = 0): void {
  const { data, linkType } = view;
  view.type = -1;
  view.protocol = -1;
  view.isFragment = false;
  const link = linkHeader(linkType);
  if (link) {
    const place = link.type + 4 * tags;
    if (data.length < place + 2) {
      view.isShort = true;
      return;
    }
    view.type = (data[place]! << 8) | data[place + 1]!;
    view.at = link.length + 4 * tags;
  } else {
    view.at = linkType === 0 ? 4 : 0;
    const version = (data[view.at] ?? 0) >> 4;
    view.type = version === 4 ? IP : version === 6 ? IP6 : -1;
  }
  const { at } = view;
  if (view.type === IP && data.length >= at + 20) {
    view.protocol = data[at + 9]!;
    view.transport = at + (data[at]! & 15) * 4;
    view.isFragment = (((data[at + 6]! << 8) | data[at + 7]!) & 0x1fff) !== 0;
  } else if (view.type === IP6 && data.length >= at + 40) {
    view.protocol = data[at + 6]!;
    view.transport = at + 40;
  }
}

/** Steps over the extension headers of IPv6 (RFC 8200 §4): the view then tells of what they precede. */
export function skipExtensions(view: FrameView): void {
  const { data } = view;
  while (view.type === IP6 && data.length >= view.transport + 8) {
    const at = view.transport;
    if (view.protocol === 0 || view.protocol === 43 || view.protocol === 60) view.transport += (data[at + 1]! + 1) * 8;
    else if (view.protocol === 44) {
      view.isFragment = (((data[at + 2]! << 8) | data[at + 3]!) & 0xfff8) !== 0;
      view.transport += 8;
    } else return;
    view.protocol = data[at]!;
  }
}
