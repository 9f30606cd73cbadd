// RLtools' PPO on its own Pendulum, with the settings of its benchmark: 4 environments x 1024 steps, minibatches of 256,
// 2 epochs, gamma 0.9, two networks 2x64 with ReLU, 307,200 steps. Prints one JSON object.
//   g++ -std=c++17 -Ofast -march=native -DRL_TOOLS_BACKEND_ENABLE_OPENBLAS -I <headers> rltools_ppo.cpp -lopenblas

#include <rl_tools/operations/cpu_mux.h>
#include <rl_tools/rl/environments/pendulum/operations_generic.h>
#include <rl_tools/rl/environment_wrappers/scale_observations/operations_generic.h>

#include <rl_tools/nn/optimizers/adam/instance/operations_generic.h>
// Without this, before networks and PPO, products are plain loops and BLAS is linked in vain.
#include <rl_tools/nn/operations_cpu_mux.h>
#include <rl_tools/nn/layers/standardize/operations_generic.h>
#include <rl_tools/nn_models/mlp_unconditional_stddev/operations_generic.h>
#include <rl_tools/nn_models/sequential/operations_generic.h>
#include <rl_tools/nn/optimizers/adam/operations_generic.h>

#include <rl_tools/rl/algorithms/ppo/loop/core/config.h>
#include <rl_tools/rl/algorithms/ppo/loop/core/operations_generic.h>

#include <chrono>
#include <cstdio>

namespace rlt = rl_tools;
namespace core = rlt::rl::algorithms::ppo::loop::core;
namespace pendulum = rlt::rl::environments::pendulum;
namespace scaling = rlt::rl::environment_wrappers::scale_observations;

using Device = rlt::devices::DEVICE_FACTORY<>;
using Index = Device::index_t;
using Numbers = rlt::numeric_types::Policy<float>;
using Random = Device::SPEC::RANDOM::ENGINE<>;
using Pendulum = rlt::rl::environments::Pendulum<pendulum::Specification<float, Index, pendulum::DefaultParameters<float>>>;
using Environment = rlt::rl::environment_wrappers::ScaleObservations<scaling::Specification<Numbers, Index>, Pendulum>;

struct Parameters : core::DefaultParameters<Numbers, Index, Environment> {
    static constexpr Index N_ENVIRONMENTS = 4;
    static constexpr Index ON_POLICY_RUNNER_STEPS_PER_ENV = 1024;
    static constexpr Index BATCH_SIZE = 256;
    static constexpr Index EPISODE_STEP_LIMIT = 200;
    static constexpr Index STEP_LIMIT = 75;
    struct PPO_PARAMETERS : rlt::rl::algorithms::ppo::DefaultParameters<Numbers, Index, BATCH_SIZE> {
        static constexpr float ACTION_ENTROPY_COEFFICIENT = 0.0f;
        static constexpr float INITIAL_ACTION_STD = 2.0f;
        static constexpr float GAMMA = 0.9f;
        static constexpr Index N_EPOCHS = 2;
    };
};

using Config = core::Config<Numbers, Index, Random, Environment, Parameters, core::ConfigApproximatorsSequential, true>;

int main() {
    Device device;
    Config::State<Config> state;
    rlt::malloc(device, state);
    rlt::init(device, state, 1);
    const auto start = std::chrono::steady_clock::now();
    while (!rlt::step(device, state)) {
    }
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    const double steps = Config::ENVIRONMENT_STEPS_PER_LOOP_STEP * static_cast<double>(Parameters::STEP_LIMIT);
    std::printf("{\"stepsPerSecond\": %.1f}\n", steps / seconds.count());
    rlt::free(device, state);
    return 0;
}
