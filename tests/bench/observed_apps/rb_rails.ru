# frozen_string_literal: true

require "action_controller/railtie"

class Observed < Rails::Application
  config.eager_load = false
  config.consider_all_requests_local = false
  config.secret_key_base = "x" * 64
  config.logger = Logger.new($stderr)
  config.hosts.clear
  config.root = "/observed"
end

class ThingsController < ActionController::API
  def create
    render json: { name: params.require(:name) }
  end

  def boom
    raise "boom"
  end
end

Observed.initialize!
Observed.routes.draw do
  post "/things", to: "things#create"
  get "/boom", to: "things#boom"
end
run Observed
