package org.fasthebb.models.use;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.inputs.ChannelStats;
import org.fasthebb.models.inputs.Preprocessing;
import org.fasthebb.models.protocol.Head;
import org.fasthebb.models.protocol.Method;
import org.fasthebb.models.protocol.ModelFile;
import org.fasthebb.models.protocol.PretrainSettings;
import org.fasthebb.models.random.Rng;
import org.fasthebb.models.readout.FeatureForm;

/** A model with random weights for small images, and random photos for it. */
final class TinyModel {
  static final int SIDE = 24;
  static final List<String> CLASSES = List.of("cat", "dog", "old, friend");

  private TinyModel() {}

  static float[] numbers(long seed, int n, float least) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = least + Rng.uniform(seed, i);
    }
    return values;
  }

  static float[] weights() {
    return numbers(2, CLASSES.size() * 4096, -0.5f);
  }

  static float[] biases() {
    return numbers(3, CLASSES.size(), 0);
  }

  /** Writes a model with a linear classifier, which the identity says how it was trained. */
  static Path write(Path file, String identity) throws IOException {
    try (Backend cpu = Backend.cpu(1)) {
      Map<String, Tensor> head = new LinkedHashMap<>();
      head.put("fc.weight", cpu.of(weights(), CLASSES.size(), 4096));
      head.put("fc.bias", cpu.of(biases(), CLASSES.size()));
      return write(cpu, file, identity, head);
    }
  }

  /** Writes a model that has seen no labels. */
  static Path writePretrained(Path file) throws IOException {
    try (Backend cpu = Backend.cpu(1)) {
      return write(cpu, file, "labels=none", Map.of());
    }
  }

  private static Path write(Backend cpu, Path file, String identity, Map<String, Tensor> head)
      throws IOException {
    PretrainSettings settings = PretrainSettings.of(Method.named("hpca").orElseThrow());
    ChannelStats stats =
        new ChannelStats(new double[] {0.4, 0.5, 0.6}, new double[] {0.2, 0.3, 0.1});
    new ModelFile(
            settings.network(cpu, SIDE, 9),
            new Preprocessing(cpu, stats, null),
            CLASSES,
            settings,
            Map.of("identity", identity),
            new Head(head, FeatureForm.PLAIN))
        .write(file);
    return file;
  }

  /** A photo of the model's size with smooth random colours, a function of the seed. */
  static BufferedImage photo(long seed) {
    BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        int rgb = 0;
        for (int c = 0; c < 3; c++) {
          double wave = Math.sin((x + 1) * Rng.uniform(seed, c) + y * Rng.uniform(seed, c + 3));
          rgb = rgb << 8 | (int) (127 + 120 * wave);
        }
        image.setRGB(x, y, rgb);
      }
    }
    return image;
  }

  static Path writePhoto(Path file, long seed) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    ImageIO.write(photo(seed), "png", file.toFile());
    return file;
  }

  /** The pixels of {@link #photo} from 0 to 1. */
  static float[] pixels(long seed) {
    BufferedImage image = photo(seed);
    float[] values = new float[SIDE * SIDE * 3];
    for (int i = 0; i < values.length; i++) {
      int rgb = image.getRGB(i / 3 % SIDE, i / 3 / SIDE);
      values[i] = (rgb >> (16 - 8 * (i % 3)) & 255) / 255f;
    }
    return values;
  }
}
