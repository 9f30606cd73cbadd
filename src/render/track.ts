// What an attribute is in each frame of an animation, as SVG keeps it: not at all where it never changes, else in
// whichever of two ways is shorter.

/** How the values of the frames follow one another. */
export interface Timing {
  /** Of the whole, as SVG has it: "12.5s". */
  readonly duration: string;
  /** How many frames there are; the last is at the very end. */
  readonly frames: number;
}

/** How a shape may move. */
export interface Motion extends Timing {
  /** Whether what is between two frames is seen. */
  readonly isSmooth: boolean;
  /** Of the picture, in pixels. */
  readonly width: number;
}

/** The value of an attribute in each frame. */
export interface Track {
  readonly values: readonly string[];
  /** Whether what is between two frames is between their values; else it is the value of the former. */
  readonly isSmooth: boolean;
}

/** Whether it is the same in all frames. */
export function isStill({ values }: Track): boolean {
  return values.every((value) => value === values[0]);
}

/**
 * The element that animates an attribute of the element that it is in.
 * @param kind which, as `animate attributeName="d"` says
 */
export function animationOf(kind: string, { values, isSmooth }: Track, { duration, frames }: Timing): string {
  // The last frame is at the very end, where one that follows without a way in between is not seen.
  const shown = isSmooth ? values : values.slice(0, -1);
  const isKey = (index: number): boolean => {
    const value = shown[index];
    const isAlikeAfter = !isSmooth || shown[index + 1] === value;
    return index === 0 || (isSmooth && index === shown.length - 1) || shown[index - 1] !== value || !isAlikeAfter;
  };
  const keys = [...shown.keys()].filter(isKey);
  const times = keys.map((index) => shareOf(index, frames - 1));
  const all = `values="${shown.join(";")}"`;
  const some = `keyTimes="${times.join(";")}" values="${keys.map((index) => shown[index]).join(";")}"`;
  const mode = isSmooth ? "" : ' calcMode="discrete"';
  return `<${kind}${mode} dur="${duration}" repeatCount="indefinite" ${some.length < all.length ? some : all}/>`;
}

/** In as many digits as keep frames of ten minutes apart. */
function shareOf(index: number, of: number): string {
  return String(Math.round((index / of) * 1e5) / 1e5).replace(/^0\./, ".");
}
