# frozen_string_literal: true

require "json"
require "sinatra/base"

class Observed < Sinatra::Base
  set :environment, :production
  post("/things") { JSON.parse(request.body.read).to_json }
  get("/boom") { raise "boom" }
end
run Observed
