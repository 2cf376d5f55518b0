package org.fasthebb.models.image;

import java.awt.image.BufferedImage;
import java.io.EOFException;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Semaphore;

/**
 * Decodes image files to 8-bit RGB, to the bytes that Pillow's {@code convert("RGB")} gives: grey
 * becomes three equal channels, alpha is dropped without blending, colour profiles and gamma are
 * ignored, of an animation the first frame is taken, on its canvas.
 *
 * <p>One exception: 16-bit grey keeps its upper 8 bits, as 16-bit colour does. Pillow cuts it off
 * at 255, which makes nearly all of such an image white.
 */
public final class ImageDecoder {
  /**
   * Changes whenever a file, or an image that is resized, comes out with other bytes than before.
   */
  public static final int VERSION = 1;

  /** The most pixels of an image; Pillow refuses beyond this number, too. */
  public static final long MOST_PIXELS = 178_956_970;

  /** The most pixels along a side; JPEG cannot have more. */
  public static final int LONGEST_SIDE = 65_535;

  /** Bytes of memory per pixel while decoding: the stored values, and RGB. */
  private static final int BYTES_PER_PIXEL = 8;

  /** The memory that images in the making may take together, as a part of the heap. */
  private static final long MEMORY = Runtime.getRuntime().maxMemory() / 2;

  private static final int UNIT = 1 << 16;

  /** Makes large images wait for each other, so that many threads do not run out of memory. */
  private static final Semaphore ROOM =
      new Semaphore((int) Math.min(Integer.MAX_VALUE, MEMORY / UNIT));

  private ImageDecoder() {}

  /**
   * Decodes an image file of any format that {@link ImageFormat#isRead is read}.
   *
   * @param file its bytes
   * @throws IOException if they are damaged, of a kind that is not read, or have too many pixels;
   *     the message is the reason, which fits into a sentence after the name of the file
   */
  public static RgbImage decode(byte[] file, Orientation orientation) throws IOException {
    try {
      EncodedImage image = open(file);
      int units = requireSize(image.width(), image.height());
      ROOM.acquireUninterruptibly(units);
      try {
        RgbImage decoded = image.decode();
        // TIFF is always turned, as by Pillow.
        return orientation == Orientation.UPRIGHT || image instanceof TiffImage
            ? Orientation.turn(decoded, image.orientation())
            : decoded;
      } finally {
        ROOM.release(units);
      }
    } catch (OutOfMemoryError e) {
      throw new IOException("it does not fit into the memory that Java may use", e);
    } catch (EOFException e) {
      throw new IOException("it is cut short", e);
    } catch (RuntimeException e) {
      // The decoders of the JDK throw all sorts of runtime exceptions for damaged files.
      throw new IOException("its data are damaged", e);
    }
  }

  /**
   * Decodes an image file and resizes it as {@link Resize#centreSquare} does.
   *
   * @param file its bytes
   * @return (side, side, 3) bytes
   * @throws IOException as {@link #decode} does
   */
  public static byte[] square(byte[] file, int side, Orientation orientation) throws IOException {
    return Resize.centreSquare(decode(file, orientation), side);
  }

  /**
   * Resizes an image of the JDK as {@link Resize#centreSquare} does. Its stored values are taken as
   * they are, without colour management; alpha is dropped.
   *
   * @return (side, side, 3) bytes
   */
  public static byte[] square(BufferedImage image, int side) {
    return Resize.centreSquare(Samples.toRgb(image), side);
  }

  /**
   * Which decoder JPEG files are given to, and why, in words. Of whole files, all give the same
   * bytes.
   */
  public static String jpegDecoder() {
    return TurboJpeg.description();
  }

  private static EncodedImage open(byte[] file) throws IOException {
    ImageFormat format =
        ImageFormat.of(file).orElseThrow(() -> new IOException("not a known image format"));
    return switch (format) {
      case JPEG -> JpegImage.open(file);
      case PNG -> PlainImage.openPng(file);
      case BMP -> PlainImage.openBmp(file);
      case GIF -> GifImage.open(file);
      case TIFF -> TiffImage.open(file);
      case PNM -> PnmImage.open(file);
      case WEBP, HEIF, JPEG_XL, JPEG_2000, PHOTOSHOP ->
          throw new IOException(
              "its format is " + format.name().replace('_', ' ') + ", which is not read");
    };
  }

  /** The units of memory that decoding such an image takes. */
  private static int requireSize(long width, long height) throws IOException {
    String size = "it has " + width + "x" + height + " pixels";
    if (width < 1 || height < 1) {
      throw new IOException(size);
    }
    if (width > LONGEST_SIDE || height > LONGEST_SIDE || width * height > MOST_PIXELS) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "%s; at most %,d, and %,d on a side, are decoded",
              size,
              MOST_PIXELS,
              LONGEST_SIDE));
    }
    long bytes = width * height * BYTES_PER_PIXEL;
    if (bytes > MEMORY) {
      throw new IOException(
          "%s, which takes %s MB of memory, but Java may use %s MB for images in the making"
              .formatted(size, bytes / 1_000_000, MEMORY / 1_000_000));
    }
    return (int) (bytes / UNIT);
  }
}
