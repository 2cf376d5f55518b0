package org.fasthebb.models.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.fasthebb.testing.FuzzTest;

/** Images of each format, whose headers above all are damaged, since they are most of the bytes. */
class ImageDecoderFuzzTest extends FuzzTest {
  private static final int[] TYPES = {
    BufferedImage.TYPE_INT_RGB,
    BufferedImage.TYPE_BYTE_GRAY,
    BufferedImage.TYPE_BYTE_INDEXED,
    BufferedImage.TYPE_USHORT_GRAY
  };

  @Override
  protected List<byte[]> seeds() throws IOException {
    List<byte[]> seeds = new ArrayList<>();
    for (String format : List.of("png", "jpeg", "gif", "bmp", "tiff")) {
      for (int type : TYPES) {
        BufferedImage image = new BufferedImage(9, 5, type);
        image.setRGB(3, 2, 0x80ff40);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        if (ImageIO.write(image, format, bytes)) {
          seeds.add(bytes.toByteArray());
        }
      }
    }
    seeds.add("P6 2 1 255\n123456".getBytes(ISO_8859_1));
    return seeds;
  }

  @Override
  protected void parse(byte[] input) throws IOException {
    ImageDecoder.decode(input, Orientation.UPRIGHT);
  }

  @Override
  protected boolean isRefusal(Exception e) {
    return e instanceof IOException;
  }

  /** Of a header that claims as many pixels as are allowed, before the data prove to be short. */
  @Override
  protected long mostBytes() {
    return 8 * ImageDecoder.MOST_PIXELS;
  }
}
