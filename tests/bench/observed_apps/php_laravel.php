<?php

require '/usr/share/php/Illuminate/autoload.php';

use Illuminate\Contracts\Debug\ExceptionHandler;
use Illuminate\Contracts\Http\Kernel as KernelContract;
use Illuminate\Foundation\Application;
use Illuminate\Foundation\Exceptions\Handler;
use Illuminate\Foundation\Http\Kernel;
use Illuminate\Http\Request;

$base = '/tmp/laravel';
foreach (['bootstrap/cache', 'storage/framework/views', 'storage/logs', 'config', 'resources/lang', 'resources/views'] as $name) {
    @mkdir("$base/$name", 0777, true);
}
$config = [
    'app' => [
        'name' => 'observed', 'env' => 'production', 'debug' => false, 'key' => str_repeat('x', 32), 'cipher' => 'AES-256-CBC',
        'timezone' => 'UTC', 'locale' => 'en', 'fallback_locale' => 'en',
        'providers' => [
            Illuminate\Filesystem\FilesystemServiceProvider::class,
            Illuminate\Foundation\Providers\FoundationServiceProvider::class,
            Illuminate\Translation\TranslationServiceProvider::class,
            Illuminate\Validation\ValidationServiceProvider::class,
            Illuminate\View\ViewServiceProvider::class,
        ],
    ],
    'view' => ['paths' => ["$base/resources/views"], 'compiled' => "$base/storage/framework/views"],
    'logging' => ['default' => 'null', 'channels' => ['null' => ['driver' => 'monolog', 'handler' => Monolog\Handler\NullHandler::class]]],
];
foreach ($config as $name => $values) {
    file_put_contents("$base/config/$name.php", '<?php return ' . var_export($values, true) . ';');
}
$app = new Application($base);
$app->singleton(KernelContract::class, Kernel::class);
$app->singleton(ExceptionHandler::class, Handler::class);
$kernel = $app->make(KernelContract::class);
$kernel->bootstrap();
$app['router']->post('/things', fn (Request $request) => $request->validate(['name' => 'required|string', 'n' => 'integer']));
$app['router']->get('/boom', fn () => throw new RuntimeException('boom'));
$response = $kernel->handle($request = Request::capture());
$response->send();
$kernel->terminate($request, $response);
