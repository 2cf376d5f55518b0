package org.fasthebb.models.data;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** A made-up Tiny ImageNet: classes n02 (cat) and n01 (dog), 2 + 1 training, 3 test images. */
final class TinyFiles {
  private TinyFiles() {}

  /** Writes it to {@code tiny-imagenet-200} in {@code parent}; returns that. */
  static Path write(Path parent) throws IOException {
    Path dir = Files.createDirectory(parent.resolve("tiny-imagenet-200"));
    Files.writeString(dir.resolve("wnids.txt"), "n02\nn01");
    Files.writeString(dir.resolve("words.txt"), "n00\tentity\nn01\tdog, hound\nn02\tcat\n");
    image(dir.resolve("train/n02/images/n02_0.JPEG"), false, 20);
    image(dir.resolve("train/n02/images/n02_1.JPEG"), true, 21);
    image(dir.resolve("train/n01/images/n01_0.JPEG"), false, 10);
    Files.writeString(dir.resolve("train/n01/n01_boxes.txt"), "n01_0.JPEG\t0\t0\t62\t62\n");
    for (int i = 0; i < 3; i++) {
      image(dir.resolve("val/images/val_" + i + ".JPEG"), i == 2, 100 + i);
    }
    Files.writeString(
        dir.resolve("val/val_annotations.txt"),
        """
        val_1.JPEG\tn02\t0\t0\t62\t62
        val_0.JPEG\tn01\t0\t0\t62\t62
        val_2.JPEG\tn01\t0\t0\t9\t9
        """);
    return dir;
  }

  /** A 64x64 JPEG that is {@code grey} all over, which JPEG keeps as it is. */
  private static void image(Path file, boolean greyscale, int grey) throws IOException {
    int type = greyscale ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB;
    BufferedImage image = new BufferedImage(64, 64, type);
    for (int p = 0; p < 64 * 64; p++) {
      if (greyscale) {
        image.getRaster().setSample(p % 64, p / 64, 0, grey);
      } else {
        image.setRGB(p % 64, p / 64, 0x010101 * grey);
      }
    }
    Files.createDirectories(file.getParent());
    ImageIO.write(image, "jpeg", file.toFile());
  }
}
