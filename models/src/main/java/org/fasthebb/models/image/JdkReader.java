package org.fasthebb.models.image;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** Uses an image reader of the JDK, and takes its warnings of damaged data as errors. */
final class JdkReader {
  /**
   * How warnings of damage begin. The JDK then goes on with grey or shifted pixels; other warnings,
   * such as those about colour profiles, do not touch the pixels.
   */
  private static final List<String> DAMAGE =
      List.of("corrupt", "premature", "truncated", "inconsistent progression", "invalid sos");

  /** What to do with a reader that has its input. */
  @FunctionalInterface
  interface Use<T> {
    T with(ImageReader reader) throws IOException;
  }

  private JdkReader() {}

  /**
   * Opens a file and uses the reader.
   *
   * @param metadata whether metadata are wanted, too
   * @throws IOException if the reader throws or warns of damage
   */
  static <T> T use(ImageFormat format, byte[] file, boolean metadata, Use<T> use)
      throws IOException {
    ImageReader reader =
        ImageIO.getImageReadersByFormatName(format.name().toLowerCase(Locale.ROOT)).next();
    try {
      String[] damage = new String[1];
      reader.addIIOReadWarningListener((_, warning) -> {
        String text = warning.toLowerCase(Locale.ROOT);
        if (DAMAGE.stream().anyMatch(text::startsWith)) {
          damage[0] = warning;
        }
      });
      // From memory, because ImageIO copies any other stream to a temporary file.
      reader.setInput(
          new MemoryCacheImageInputStream(new ByteArrayInputStream(file)), true, !metadata);
      T result = use.with(reader);
      if (damage[0] != null) {
        throw new IOException(damage[0]);
      }
      return result;
    } finally {
      reader.dispose();
    }
  }
}
