package org.fasthebb.models.readout;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
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
        "normalised joined mirrored",
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

  private static Neurons neurons() {
    return Neurons.hebbian(new Hpca());
  }

  private static Network network() {
    return new Network(CPU, Architecture.softHebb(), 8, neurons(), 3);
  }

  private static Tensor images(int count) {
    return images(count, 8);
  }

  private static Tensor images(int count, int side) {
    float[] pixels = new float[count * side * side * 3];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) Math.sin(i * i % 1009);
    }
    return CPU.of(pixels, count, side, side, 3);
  }

  /** Means of 1 x 1 and of more than there are; the network leaves 1 x 1 of 8 x 8 pixels. */
  @ParameterizedTest
  @CsvSource({"0", "1", "5"})
  void mapsOfOnePixelStay(int pooled) {
    Network network = network();
    FeatureForm form = new FeatureForm(false, false, pooled, 1, false, 0, false);
    assertEquals(network.featureCount(), form.width(network));
    assertArrayEquals(
        network.features(images(2)).toArray(), form.features(network, images(2)).toArray(), 1e-6f);
  }

  /** Parts of 5 pixels for 1, 2, 3, 4 and 5 means. */
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
            for (int y = i * 5 / side; y < (i + 1) * 5 / side; y++) {
              for (int x = j * 5 / side; x < (j + 1) * 5 / side; x++) {
                sum += maps[((b * 5 + y) * 5 + x) * 3 + c];
                count++;
              }
            }
            expected[((b * side + i) * side + j) * 3 + c] = (float) (sum / count);
          }
        }
      }
    }
    FeatureForm form = new FeatureForm(false, false, pooled, 1, false, 0, false);
    assertArrayEquals(expected, form.of(CPU.of(maps, 2, 5, 5, 3)).toArray(), 1e-5f);
  }

  @Test
  void powersKeepSigns() {
    Tensor maps = CPU.of(new float[] {-4, 0, 9, -8}, 1, 1, 1, 4);
    FeatureForm root = new FeatureForm(false, false, 0, 0.5f, false, 0, false);
    assertArrayEquals(new float[] {-2, 0, 3, (float) -Math.sqrt(8)}, root.of(maps).toArray());
    FeatureForm third = new FeatureForm(false, false, 0, 1 / 3f, false, 0, false);
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

  @Test
  void blocksEndBeforeWhatPreparesTheNext() {
    assertEquals(List.of("power1", "power2", "pool3"), Architecture.softHebb().blockEnds());
    assertEquals(List.of("bn1", "bn2", "bn3", "bn4", "bn5"), Architecture.small().blockEnds());
    assertEquals(List.of("pool1"), Architecture.patches().blockEnds());
    assertEquals(List.of("power1", "power2", "join"), Architecture.softHebbPatches().blockEnds());
  }

  /** The means of each block's maps and of those of the mirror image, one after another. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void joinedBlocks(boolean mirror) {
    Network network = new Network(CPU, Architecture.softHebb(), 16, neurons(), 3);
    FeatureForm form = new FeatureForm(true, mirror, 2, 1, false, 0, false);
    Tensor images = images(2, 16);
    // The maps have 8x8, 4x4 and 2x2 pixels.
    assertEquals(4 * (96 + 384 + 1536), form.width(network));
    float[] expected = new float[2 * form.width(network)];
    int views = mirror ? 2 : 1;
    for (int view = 0; view < views; view++) {
      Tensor seen = view == 0 ? images : Network.mirrored(images);
      int[] offset = {0};
      network.features(
          seen,
          (stage, output) -> {
            if (List.of("power1", "power2", "pool3").contains(stage)) {
              addMeans(output, 1f / views, expected, offset);
            }
          });
    }
    assertArrayEquals(expected, form.features(network, images).toArray(), 1e-5f);
  }

  /** Adds a share of the means of the quarters of maps, and moves the offset past them. */
  private static void addMeans(Tensor maps, float share, float[] sums, int... offset) {
    int side = maps.size(1);
    int channels = maps.size(3);
    float[] values = maps.toArray();
    int width = sums.length / maps.size(0);
    float each = share / (side / 2 * (side / 2));
    for (int i = 0; i < values.length; i++) {
      int c = i % channels;
      int x = i / channels % side;
      int y = i / channels / side % side;
      int b = i / channels / side / side;
      int quarter = 2 * (2 * y / side) + 2 * x / side;
      sums[b * width + offset[0] + quarter * channels + c] += each * values[i];
    }
    offset[0] += 4 * channels;
  }
}
