package org.fasthebb.models.image;

import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A JPEG file.
 *
 * @param file its bytes, without colour profiles, which the JDK would check and apply
 * @param sequential whether it is not progressive, and Huffman coded by tables of its own
 * @param components what the frame stores
 * @param colours what the components mean
 */
record JpegImage(
    byte[] file,
    long width,
    long height,
    int orientation,
    boolean sequential,
    List<Component> components,
    JpegColours colours)
    implements EncodedImage {
  private static final int MARKER = 0xFF;
  private static final int EXTENDED_SEQUENTIAL = 0xC1;
  private static final int HUFFMAN_TABLES = 0xC4;
  private static final int START_OF_SCAN = 0xDA;
  private static final int APP0 = 0xE0;
  private static final int APP1 = 0xE1;
  private static final int APP2 = 0xE2;
  private static final int APP13 = 0xED;
  private static final int APP14 = 0xEE;

  /**
   * A component of the pixels.
   *
   * @param across its sampling factor along x, beside those of the other components
   * @param down its sampling factor along y
   */
  record Component(int id, int across, int down) {}

  /** Reads the segments before the first scan. */
  static JpegImage open(byte[] bytes) throws IOException {
    List<Integer> profiles = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    int width = 0;
    int height = 0;
    boolean sequential = false;
    boolean tables = false;
    List<Component> components = List.of();
    ByteBuffer exif = ByteBuffer.allocate(0);
    boolean jfif = false;
    int adobe = JpegColours.NO_ADOBE;
    int at = 2;
    while (true) {
      at = nextMarker(bytes, at);
      if (at + 3 > bytes.length) {
        throw new IOException("it has no pixels");
      }
      int marker = Byte.toUnsignedInt(bytes[at]);
      int start = at + 3;
      int length = Short.toUnsignedInt(in.getShort(at + 1)) - 2;
      if (marker == START_OF_SCAN) {
        break;
      }
      if (length < 0 || start + length > bytes.length) {
        throw new IOException("it is cut short");
      }
      if (marker == APP0) {
        jfif |= length >= 14 && begins(bytes, start, "JFIF\0");
      } else if (marker == APP1 && length >= 6 && begins(bytes, start, "Exif\0\0")) {
        exif = exif.hasRemaining() ? exif : in.slice(start + 6, length - 6); // the first counts
      } else if (marker == APP2 && begins(bytes, start, "ICC_PROFILE\0")) {
        profiles.add(at);
      } else if (marker == APP14 && length >= 12 && begins(bytes, start, "Adobe")) {
        adobe = Byte.toUnsignedInt(bytes[start + 11]);
      } else if (marker == HUFFMAN_TABLES) {
        tables = true;
      } else if (isFrame(marker) && length >= 6) {
        height = Short.toUnsignedInt(in.getShort(start + 1));
        width = Short.toUnsignedInt(in.getShort(start + 3));
        sequential = marker <= EXTENDED_SEQUENTIAL;
        components = components(bytes, start + 5);
      }
      at = start + length;
    }
    if (components.isEmpty()) {
      throw new IOException("it has no pixels");
    }
    // The caller's bytes stay as they are.
    byte[] file = profiles.isEmpty() ? bytes : bytes.clone();
    profiles.forEach(profile -> file[profile] = (byte) APP13);
    int[] ids = components.stream().mapToInt(Component::id).toArray();
    return new JpegImage(
        file,
        width,
        height,
        Orientation.noted(exif),
        sequential && tables,
        components,
        JpegColours.of(ids, jfif, adobe));
  }

  /** The components of a frame, whose number is at {@code at}. */
  private static List<Component> components(byte[] bytes, int at) {
    List<Component> components = new ArrayList<>();
    for (int c = 0; c < Byte.toUnsignedInt(bytes[at]); c++) {
      int id = at + 1 + 3 * c;
      if (id + 2 < bytes.length) {
        int factors = Byte.toUnsignedInt(bytes[id + 1]);
        components.add(new Component(Byte.toUnsignedInt(bytes[id]), factors >> 4, factors & 0xF));
      }
    }
    return components;
  }

  /** The place of the next marker's second byte, from {@code at} on. */
  private static int nextMarker(byte[] bytes, int at) {
    int i = at;
    while (i < bytes.length && Byte.toUnsignedInt(bytes[i]) != MARKER) {
      i++;
    }
    while (i < bytes.length && Byte.toUnsignedInt(bytes[i]) == MARKER) {
      i++;
    }
    return i;
  }

  private static boolean begins(byte[] bytes, int at, String text) {
    return at + text.length() <= bytes.length
        && new String(bytes, at, text.length(), StandardCharsets.ISO_8859_1).equals(text);
  }

  /** C0 to CF begin frames, but for three that hold tables. */
  private static boolean isFrame(int marker) {
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
  }

  @Override
  public RgbImage decode() throws IOException {
    Optional<RgbImage> fast = Optional.empty();
    if (sequential) {
      fast = TurboJpeg.library().flatMap(turbo -> turbo.decode(file, (int) width, (int) height));
    }
    return fast.isPresent() ? fast.get() : decodeByJdk();
  }

  /** Decodes by the JDK's decoder, which is libjpeg 6b. */
  RgbImage decodeByJdk() throws IOException {
    // As a raster, because then the JDK leaves the colours to us.
    Raster raster =
        JdkReader.use(ImageFormat.JPEG, file, false, reader -> reader.readRaster(0, null));
    byte[] stored = ((DataBufferByte) raster.getDataBuffer()).getData();
    int across = components.stream().mapToInt(Component::across).max().orElseThrow();
    int down = components.stream().mapToInt(Component::down).max().orElseThrow();
    for (int c = 0; c < components.size(); c++) {
      Component component = components.get(c);
      if (component.across == across && 2 * component.down == down) {
        interpolateRows(stored, components.size() * raster.getWidth(), c, components.size());
      }
    }
    return new RgbImage(raster.getHeight(), raster.getWidth(), colours.toRgb(stored));
  }

  /**
   * Interpolates a component that has half the rows but all columns (4:4:0, as after a turn by 90
   * degrees without loss), as newer versions of libjpeg do. The JDK has repeated each stored row.
   *
   * @param stride bytes of a row
   * @param from where the component begins
   * @param step the distance of its values
   */
  private static void interpolateRows(byte[] pixels, int stride, int from, int step) {
    int rows = pixels.length / stride;
    int[] above = new int[stride];
    int[] here = new int[stride];
    for (int y = 0; y < rows; y += 2) {
      for (int x = from; x < stride; x += step) {
        here[x] = Byte.toUnsignedInt(pixels[y * stride + x]);
        int over = y == 0 ? here[x] : above[x];
        pixels[y * stride + x] = (byte) ((3 * here[x] + over + 1) >> 2);
        if (y + 1 < rows) {
          int below = y + 2 < rows ? Byte.toUnsignedInt(pixels[(y + 2) * stride + x]) : here[x];
          pixels[(y + 1) * stride + x] = (byte) ((3 * here[x] + below + 2) >> 2);
        }
      }
      int[] reused = above;
      above = here;
      here = reused;
    }
  }
}
