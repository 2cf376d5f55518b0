/**
 * From the bytes of an image file to a square of 8-bit RGB: the bytes that Pillow's {@code
 * convert("RGB")} and torchvision's resizing give.
 *
 * <pre>
 *   bytes ──ImageFormat──▶ Jpeg │ Gif │ Tiff │ Pnm │ PNG and BMP ──▶ RgbImage ──▶ Resize
 *                           └──────────────┬──────────────┘   ▲
 *                          Samples: stored values to RGB   Orientation
 * </pre>
 *
 * <p>The readers of the JDK undo the compression; what the stored values mean is decided here,
 * because the JDK applies colour profiles and gamma where Pillow does not. Plain JPEG files go to
 * libjpeg-turbo where it is installed, which is faster and gives the same bytes.
 */
package org.fasthebb.models.image;
