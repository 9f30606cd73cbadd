// proximal/render: pictures of what environments look like.

export { type AnimationOptions, animationSVG } from "./animation.ts";
export { type DrawingContext, drawScene } from "./canvas.ts";
export { type PictureOptions, sceneSVG } from "./svg.ts";
