package org.fasthebb.models.image;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.util.List;
import javax.imageio.plugins.tiff.BaselineTIFFTagSet;
import javax.imageio.plugins.tiff.TIFFDirectory;
import javax.imageio.plugins.tiff.TIFFField;

/**
 * The first image of a TIFF file: black and white, grey, palette, RGB or CMYK, of up to 16 bits.
 * TIFF has many more kinds; they are refused, because nobody has compared their pixels.
 *
 * @param tags what the file says of the image
 */
record TiffImage(byte[] file, long width, long height, TIFFDirectory tags) implements EncodedImage {
  private static final int UNSIGNED = 1;
  private static final int NO_ALPHA = -1;

  static TiffImage open(byte[] file) throws IOException {
    return JdkReader.use(
        ImageFormat.TIFF,
        file,
        true,
        reader ->
            new TiffImage(
                file,
                reader.getWidth(0),
                reader.getHeight(0),
                TIFFDirectory.createFromMetadata(reader.getImageMetadata(0))));
  }

  private int value(int tag, int otherwise) {
    TIFFField field = tags.getTIFFField(tag);
    return field == null ? otherwise : field.getAsInt(0);
  }

  @Override
  public int orientation() {
    int noted = value(BaselineTIFFTagSet.TAG_ORIENTATION, 1);
    return noted >= 1 && noted <= 8 ? noted : 1;
  }

  @Override
  public RgbImage decode() throws IOException {
    int kind = value(BaselineTIFFTagSet.TAG_PHOTOMETRIC_INTERPRETATION, -1);
    requireKnown(kind);
    BufferedImage image = JdkReader.use(ImageFormat.TIFF, file, true, reader -> reader.read(0));
    if (kind == BaselineTIFFTagSet.PHOTOMETRIC_INTERPRETATION_PALETTE_COLOR) {
      return Samples.fromPalette(image.getRaster(), palette());
    }
    if (kind == BaselineTIFFTagSet.PHOTOMETRIC_INTERPRETATION_CMYK) {
      return Samples.fromBands(image.getRaster(), Samples::cmykToRgb);
    }
    int alpha = value(BaselineTIFFTagSet.TAG_EXTRA_SAMPLES, NO_ALPHA);
    if (kind == BaselineTIFFTagSet.PHOTOMETRIC_INTERPRETATION_RGB
        && alpha == BaselineTIFFTagSet.EXTRA_SAMPLES_ASSOCIATED_ALPHA) {
      return Samples.fromBands(image.getRaster(), Samples::divideByAlpha);
    }
    return Samples.toRgb(image);
  }

  private void requireKnown(int kind) throws IOException {
    int bits = value(BaselineTIFFTagSet.TAG_BITS_PER_SAMPLE, 1);
    int format = value(BaselineTIFFTagSet.TAG_SAMPLE_FORMAT, UNSIGNED);
    int compression = value(BaselineTIFFTagSet.TAG_COMPRESSION, 1);
    int samples = value(BaselineTIFFTagSet.TAG_SAMPLES_PER_PIXEL, 1);
    int planes = value(BaselineTIFFTagSet.TAG_PLANAR_CONFIGURATION, 1);
    boolean jpeg = compression == BaselineTIFFTagSet.COMPRESSION_JPEG;
    boolean known =
        switch (kind) {
          case BaselineTIFFTagSet.PHOTOMETRIC_INTERPRETATION_WHITE_IS_ZERO,
              BaselineTIFFTagSet.PHOTOMETRIC_INTERPRETATION_BLACK_IS_ZERO,
              BaselineTIFFTagSet.PHOTOMETRIC_INTERPRETATION_PALETTE_COLOR ->
              true;
          case BaselineTIFFTagSet.PHOTOMETRIC_INTERPRETATION_RGB -> bits >= 8;
          case BaselineTIFFTagSet.PHOTOMETRIC_INTERPRETATION_CMYK -> bits >= 8;
          case BaselineTIFFTagSet.PHOTOMETRIC_INTERPRETATION_Y_CB_CR -> jpeg;
          default -> false;
        };
    if (!known
        || format != UNSIGNED
        || !List.of(1, 2, 4, 8, 16).contains(bits)
        || (jpeg && samples > 3)
        || (planes > 1 && bits > 8)
        || compression == BaselineTIFFTagSet.COMPRESSION_OLD_JPEG) {
      throw new IOException(
          ("it is a rare kind of TIFF: photometric interpretation %s, %s x %s bits, sample format"
                  + " %s, compression %s, planar configuration %s")
              .formatted(kind, samples, bits, format, compression, planes));
    }
  }

  /** The colours with their upper 8 bits; the JDK would round them. */
  private IndexColorModel palette() throws IOException {
    TIFFField map = tags.getTIFFField(BaselineTIFFTagSet.TAG_COLOR_MAP);
    if (map == null) {
      throw new IOException("it has no palette");
    }
    int size = map.getCount() / 3;
    byte[][] colours = new byte[3][size];
    for (int c = 0; c < 3; c++) {
      for (int i = 0; i < size; i++) {
        colours[c][i] = (byte) (map.getAsInt(c * size + i) >> 8);
      }
    }
    return new IndexColorModel(8, size, colours[0], colours[1], colours[2]);
  }
}
