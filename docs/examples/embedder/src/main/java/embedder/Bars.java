package embedder;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;
import org.fasthebb.hebb.HardWta;
import org.fasthebb.hebb.HebbianLayer;

/** Four neurons that see bars in noise. Each comes to look for one kind of bar. */
final class Bars {
  private final Random random = new Random(1);

  void main() throws IOException {
    try (Backend cpu = Backend.cpu()) {
      Tensor weights = cpu.random(1, 4, 49).times(0.5f);
      HebbianLayer layer =
          new HebbianLayer(new HardWta(), weights, 7, 7); // 4 neurons of 7x7 pixels
      for (int step = 0; step < 200; step++) {
        try (Scope _ = cpu.scope()) {
          layer.learn(cpu.of(bars(64), 64, 7, 7, 1), 0.1f); // no labels
        }
      }
      layer.save(Path.of("bars.safetensors")); // as Python's safetensors reads it
      HebbianLayer same = HebbianLayer.load(Path.of("bars.safetensors"), cpu, new HardWta());
      float[] w = same.weights().toArray();
      for (int y = 0; y < 7; y++) { // what each neuron has learnt to look for
        for (int x = 0; x < 28; x++) {
          IO.print((x % 7 == 0 ? "  " : "") + (w[x / 7 * 49 + y * 7 + x % 7] > 0.2f ? "##" : " ."));
        }
        IO.println();
      }
    }
  }

  /** Images of a bar: a column, a row or a diagonal, in noise. */
  float[] bars(int images) {
    float[] pixels = noise(images * 49);
    for (int i = 0; i < images; i++) {
      int kind = random.nextInt(4);
      for (int at = 0; at < 7; at++) {
        int pixel = List.of(7 * at + 3, 3 * 7 + at, 8 * at, 6 * at + 6).get(kind);
        pixels[i * 49 + pixel] += 1;
      }
    }
    return pixels;
  }

  float[] noise(int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = 0.3f * (float) random.nextGaussian();
    }
    return values;
  }
}
