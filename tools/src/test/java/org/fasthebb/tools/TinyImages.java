package org.fasthebb.tools;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.fasthebb.models.random.Rng;

/** A folder of a few small images with noise, bright in the upper or in the left half. */
final class TinyImages {
  private static final int SIDE = 32;
  private static final List<String> CLASSES = List.of("above", "left");

  private TinyImages() {}

  /** Writes {@code train} and {@code test} images per class; returns the folder. */
  static Path write(Path folder, int train, int test) throws IOException {
    for (String name : CLASSES) {
      for (int i = 0; i < train; i++) {
        write(folder, "train", name, i);
      }
      for (int i = 0; i < test; i++) {
        write(folder, "test", name, 1000 + i);
      }
    }
    return folder;
  }

  private static void write(Path folder, String part, String name, int i) throws IOException {
    BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    Rng rng = new Rng(Rng.key(CLASSES.indexOf(name), i));
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        boolean bright = (name.equals("above") ? y : x) < SIDE / 2;
        int grey = (bright ? 150 : 20) + rng.nextInt(80);
        image.setRGB(x, y, grey << 16 | grey << 8 | grey);
      }
    }
    Path file = folder.resolve(part).resolve(name).resolve(i + ".png");
    Files.createDirectories(file.getParent());
    ImageIO.write(image, "png", file.toFile());
  }
}
