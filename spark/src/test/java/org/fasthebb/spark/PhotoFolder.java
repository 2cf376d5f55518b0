package org.fasthebb.spark;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.fasthebb.models.data.ImageSet;
import org.fasthebb.models.data.ImageSource;

/** Made images of two kinds, stripes across and stripes down, as PNG files and in memory. */
final class PhotoFolder {
  static final int COUNT = 40;

  /** The smallest that the small network takes. */
  static final int SIDE = 24;

  private PhotoFolder() {}

  /** The pixels (side, side, 3) of image {@code i}; even ones have stripes across. */
  private static byte[] pixels(int i) {
    Random random = new Random(i);
    byte[] pixels = new byte[SIDE * SIDE * 3];
    int period = 3 + random.nextInt(4);
    for (int at = 0; at < pixels.length; at++) {
      int line = i % 2 == 0 ? at / 3 / SIDE : at / 3 % SIDE;
      pixels[at] = (byte) ((line / period % 2) * 150 + random.nextInt(100));
    }
    return pixels;
  }

  static ImageSet inMemory() {
    byte[] all = new byte[COUNT * SIDE * SIDE * 3];
    for (int i = 0; i < COUNT; i++) {
      byte[] one = pixels(i);
      System.arraycopy(one, 0, all, i * one.length, one.length);
    }
    return new ImageSet(SIDE, SIDE, 3, List.of("stripes"), all, new int[COUNT]);
  }

  /** Writes files whose names begin with across or down. */
  static void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    ImageSet images = inMemory();
    for (int i = 0; i < COUNT; i++) {
      String name = (i % 2 == 0 ? "across" : "down") + i + ".png";
      Files.write(folder.resolve(name), file(images, i, "png"));
    }
  }

  /** An image as the content of a file, such as png. */
  static byte[] file(ImageSource images, int i, String format) throws IOException {
    int side = images.height();
    byte[] pixels = new byte[images.imageBytes()];
    images.read(i, pixels, 0);
    BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
    for (int at = 0; at < side * side; at++) {
      int r = pixels[3 * at] & 255;
      int g = pixels[3 * at + 1] & 255;
      int b = pixels[3 * at + 2] & 255;
      image.setRGB(at % side, at / side, r << 16 | g << 8 | b);
    }
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    ImageIO.write(image, format, file);
    return file.toByteArray();
  }

  /** Images as rows with the column content, as {@code binaryFile} gives them. */
  static Dataset<Row> rows(SparkSession spark, ImageSource images) throws IOException {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < images.size(); i++) {
      rows.add(RowFactory.create((Object) file(images, i, "png")));
    }
    return spark
        .createDataFrame(rows, new StructType().add("content", DataTypes.BinaryType))
        .repartition(4);
  }
}
