package org.fasthebb.models.readout;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tensor;
import org.fasthebb.hebb.Hpca;
import org.fasthebb.models.network.Architecture;
import org.fasthebb.models.network.Network;
import org.fasthebb.models.network.Neurons;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FeatureFormTest {
  private static final Backend CPU = Backend.cpu(2);

  @AfterAll
  static void close() {
    CPU.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "normalised",
        "normalised mirrored",
        "mirrored pooled=2",
        "normalised mirrored pooled=2 power=0.5 unit_length"
      })
  void wordsAreReadBack(String words) {
    assertEquals(words, FeatureForm.of(words).toString());
  }

  @Test
  void refusesWordsThatItDoesNotKnow() {
    for (String words : new String[] {"pooled=-1", "pooled=x", "power=0", "power=", "mirored"}) {
      assertThrows(IllegalArgumentException.class, () -> FeatureForm.of(words), words);
    }
  }

  private static Network network() {
    Neurons neurons = Neurons.hebbian(new Hpca());
    return new Network(CPU, Architecture.softHebb(), 8, neurons, 3);
  }

  private static Tensor images(int count) {
    float[] pixels = new float[count * 8 * 8 * 3];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) Math.sin(i * i % 1009);
    }
    return CPU.of(pixels, count, 8, 8, 3);
  }

  /** Means of 1 x 1 and of more than there are; the network leaves 1 x 1 of 8 x 8 pixels. */
  @ParameterizedTest
  @CsvSource({"0", "1", "5"})
  void mapsOfOnePixelStay(int pooled) {
    Network network = network();
    FeatureForm form = new FeatureForm(false, pooled, 1, false, false);
    assertEquals(network.featureCount(), form.width(network));
    assertArrayEquals(
        network.features(images(2)).toArray(), form.features(network, images(2)).toArray(), 1e-6f);
  }

  /** Parts of 5 pixels for 1, 2, 3, 4 and 5 means; parts overlap where they must. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6})
  void meansOfMaps(int pooled) {
    float[] maps = new float[2 * 5 * 5 * 3];
    for (int i = 0; i < maps.length; i++) {
      maps[i] = (float) Math.cos(i * i);
    }
    int side = Math.min(5, pooled);
    float[] expected = new float[2 * side * side * 3];
    for (int b = 0; b < 2; b++) {
      for (int i = 0; i < side; i++) {
        for (int j = 0; j < side; j++) {
          for (int c = 0; c < 3; c++) {
            double sum = 0;
            int count = 0;
            for (int y = (int) Math.floor(i * 5.0 / side);
                y < Math.ceil((i + 1) * 5.0 / side - 1e-9);
                y++) {
              for (int x = (int) Math.floor(j * 5.0 / side);
                  x < Math.ceil((j + 1) * 5.0 / side - 1e-9);
                  x++) {
                sum += maps[((b * 5 + y) * 5 + x) * 3 + c];
                count++;
              }
            }
            expected[((b * side + i) * side + j) * 3 + c] = (float) (sum / count);
          }
        }
      }
    }
    FeatureForm form = new FeatureForm(false, pooled, 1, false, false);
    assertArrayEquals(expected, form.of(CPU.of(maps, 2, 5, 5, 3)).toArray(), 1e-5f);
  }

  @Test
  void powersKeepSigns() {
    Tensor maps = CPU.of(new float[] {-4, 0, 9, -8}, 1, 1, 1, 4);
    FeatureForm root = new FeatureForm(false, 0, 0.5f, false, false);
    assertArrayEquals(new float[] {-2, 0, 3, (float) -Math.sqrt(8)}, root.of(maps).toArray());
    FeatureForm third = new FeatureForm(false, 0, 1 / 3f, false, false);
    assertArrayEquals(
        new float[] {(float) -Math.cbrt(4), 0, (float) Math.cbrt(9), -2},
        third.of(maps).toArray(),
        1e-5f);
  }

  @Test
  void anImageAndItsMirrorImageAreAlike() {
    Network network = network();
    Tensor image = images(1);
    Tensor mirrored = CPU.zeros(1, 8, 8, 3);
    for (int w = 0; w < 8; w++) {
      mirrored.slice(2, w, w + 1).assign(image.slice(2, 7 - w, 8 - w));
    }
    FeatureForm form = FeatureForm.COMPARABLE;
    assertArrayEquals(
        form.features(network, image).toArray(), form.features(network, mirrored).toArray(), 1e-6f);
  }
}
